from django.db import migrations

from agencies.roles import Role, grant


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_editing"), ("agencies", "0002_roles")]

    operations = [
        migrations.RunPython(
            grant(
                "articles",
                {
                    Role.EDITOR: ["add_file", "change_file", "view_file", "view_topic"],
                    Role.PUBLISHER: [
                        "add_file",
                        "change_file",
                        "view_file",
                        "delete_file",
                        "add_topic",
                        "change_topic",
                        "view_topic",
                        "delete_topic",
                    ],
                    Role.OBSERVER: ["view_file", "view_topic"],
                },
            ),
            migrations.RunPython.noop,
        )
    ]
