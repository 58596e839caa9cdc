from django.db import migrations

WORDINGS = (
    "CCHC; cải cách hành chính",
    "TTHC; thủ tục hành chính",
    "UBND; ủy ban nhân dân",
    "HĐND; hội đồng nhân dân",
    "DVC; dịch vụ công",
    "DVCTT; dịch vụ công trực tuyến",
    "PAKN; phản ánh kiến nghị; phản ánh, kiến nghị",
    "CCCD; căn cước; căn cước công dân; thẻ căn cước",
    "CMND; chứng minh nhân dân",
    "GPLX; giấy phép lái xe; bằng lái xe",
    "sổ đỏ; sổ hồng; GCN QSDĐ; GCNQSDĐ; giấy chứng nhận quyền sử dụng đất",
    "ĐKKD; đăng ký kinh doanh",
    "BHXH; bảo hiểm xã hội",
    "BHYT; bảo hiểm y tế",
    "CNTT; công nghệ thông tin",
    "KHCN; KH&CN; khoa học và công nghệ; khoa học công nghệ",
    "TN&MT; TNMT; tài nguyên và môi trường",
    "GD&ĐT; GDĐT; giáo dục và đào tạo",
    "VHTTDL; văn hóa, thể thao và du lịch",
    "CBCC; cán bộ, công chức",
    "CBCCVC; cán bộ, công chức, viên chức",
    "QLNN; quản lý nhà nước",
    "chuyển đổi số; CĐS",
    "VNeID; định danh điện tử; tài khoản định danh",
)


def add(apps, schema_editor):
    synonym = apps.get_model("search", "Synonym")
    synonym.objects.bulk_create(synonym(words=words) for words in WORDINGS)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_index")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
