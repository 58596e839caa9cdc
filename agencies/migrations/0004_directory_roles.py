from django.db import migrations

from agencies.roles import Role, grant

LEADERS = ["add_leader", "change_leader", "delete_leader", "view_leader"]


class Migration(migrations.Migration):
    dependencies = [("agencies", "0003_directory")]

    operations = [
        migrations.RunPython(
            grant(
                "agencies",
                {
                    Role.ADMINISTRATOR: LEADERS,
                    Role.PUBLISHER: LEADERS,
                    Role.OBSERVER: ["view_leader"],
                },
            ),
            migrations.RunPython.noop,
        )
    ]
