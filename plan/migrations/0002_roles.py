from django.db import migrations

from agencies.roles import Role, grant


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial"), ("agencies", "0002_roles")]
    operations = [
        migrations.RunPython(
            grant(
                "plan",
                {
                    Role.PLAN_MANAGER: [
                        "add_plan",
                        "change_plan",
                        "view_plan",
                        "add_campaign",
                        "change_campaign",
                        "view_campaign",
                    ],
                    Role.EDITOR: ["view_campaign"],
                    Role.PUBLISHER: ["view_campaign"],
                    Role.OBSERVER: ["view_plan", "view_campaign"],
                },
            ),
            migrations.RunPython.noop,
        ),
    ]
