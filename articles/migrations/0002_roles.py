from django.db import migrations

from agencies.roles import Role, grant

WRITING = ["add_article", "change_article", "view_article", "add_image", "change_image", "view_image"]


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial"), ("agencies", "0002_roles")]
    operations = [
        migrations.RunPython(
            grant(
                "articles",
                {
                    Role.EDITOR: [*WRITING, "delete_article"],
                    Role.PUBLISHER: [*WRITING, "delete_article", "delete_image", "approve_article"],
                    Role.OBSERVER: ["view_article", "view_image"],
                },
            ),
            migrations.RunPython.noop,
        ),
    ]
