from django.db import migrations

from agencies.roles import Role, grant

MAIN = (
    ("Hỏi đáp", "/hoi-dap/"),
    ("Phản ánh, kiến nghị", "/phan-anh/"),
    ("Tra cứu hồ sơ", "/tra-cuu/"),
    ("Kế hoạch", "/ke-hoach/"),
    ("Tin bài", "/tin-bai/"),
    ("Văn bản", "/van-ban/"),
    ("Video", "/video/"),
    ("Cơ quan", "/co-quan/"),
)
FOOTER = (
    ("Lịch làm việc và cách tính hạn", "/lich-lam-viec/"),
    ("Nhận tin mới bằng RSS", "/rss/tin-bai/"),
    ("Cán bộ đăng nhập", "/tai-khoan/dang-nhap/"),
)
SECTIONS = (
    ("answers", 5),
    ("numbers", 1),
    ("campaigns", 10),
    ("articles", 6),
    ("documents", 5),
    ("videos", 3),
    ("blocks", 6),
)


def seed_menus(apps, schema_editor):
    """Today's navigation, where the board has arranged nothing yet. Pages add their own links when they are loaded."""
    MenuItem = apps.get_model("articles", "MenuItem")
    if MenuItem.objects.exists():
        return
    for place, links, first in (("main", MAIN, 10), ("footer", FOOTER, 110)):
        for number, (title, path) in enumerate(links):
            MenuItem.objects.create(place=place, title=title, path=path, order=first + 10 * number)


def seed_home(apps, schema_editor):
    HomeSection = apps.get_model("articles", "HomeSection")
    if HomeSection.objects.exists():
        return
    for number, (kind, many) in enumerate(SECTIONS, start=1):
        HomeSection.objects.create(kind=kind, many=many, order=10 * number)


def everything(*models: str) -> list[str]:
    return [f"{verb}_{model}" for model in models for verb in ("add", "change", "delete", "view")]


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_arrangement"), ("agencies", "0002_roles")]

    operations = [
        migrations.RunPython(seed_menus, migrations.RunPython.noop),
        migrations.RunPython(seed_home, migrations.RunPython.noop),
        migrations.RunPython(
            grant(
                "articles",
                {
                    Role.PUBLISHER: everything("page", "menuitem", "block", "homesection", "sitenotice"),
                    Role.ADMINISTRATOR: everything("sitenotice"),
                    Role.EDITOR: everything("page"),
                    Role.OBSERVER: ["view_page"],
                },
            ),
            migrations.RunPython.noop,
        ),
    ]
