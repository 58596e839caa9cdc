from django.db import migrations

from agencies.roles import Role, grant
from parcai.lib.vietnamese import slug

# Luật Ban hành văn bản quy phạm pháp luật, then NĐ 30/2020/NĐ-CP, Điều 7; the board adds what later law brings.
TYPES = (
    "Hiến pháp, Bộ luật, Luật, Pháp lệnh, Nghị quyết, Nghị định, Quyết định, Chỉ thị, Thông tư, Thông tư liên tịch, "
    "Quy chế, Quy định, Thông cáo, Thông báo, Hướng dẫn, Chương trình, Kế hoạch, Phương án, Đề án, Dự án, Báo cáo, "
    "Biên bản, Tờ trình, Hợp đồng, Công văn, Công điện, Bản ghi nhớ, Bản thỏa thuận, Giấy ủy quyền, Giấy mời, "
    "Giấy giới thiệu, Giấy nghỉ phép, Phiếu gửi, Phiếu chuyển, Phiếu báo, Thư công"
).split(", ")


def add_types(apps, schema_editor):
    DocumentType = apps.get_model("articles", "DocumentType")
    for place, name in enumerate(TYPES, start=1):
        DocumentType.objects.get_or_create(name=name, defaults={"slug": slug(name), "place": place})


WRITING = ["add_document", "change_document", "view_document", "delete_document"]
LIST = ["add_documenttype", "change_documenttype", "view_documenttype", "delete_documenttype"]


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_documents"), ("agencies", "0002_roles")]

    operations = [
        migrations.RunPython(add_types, migrations.RunPython.noop),
        migrations.RunPython(
            grant(
                "articles",
                {
                    Role.EDITOR: [*WRITING, "view_documenttype"],
                    Role.PUBLISHER: [*WRITING, *LIST],
                    Role.OBSERVER: ["view_document", "view_documenttype"],
                },
            ),
            migrations.RunPython.noop,
        ),
    ]
