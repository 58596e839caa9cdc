from django.db import migrations

from agencies.roles import Role, grant

EVERYTHING = ["add", "change", "delete", "view"]


def make_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for role in Role:
        Group.objects.get_or_create(name=str(role))


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(
            grant(
                "agencies",
                {
                    Role.ADMINISTRATOR: [
                        f"{action}_{model}"
                        for action in EVERYTHING
                        for model in ("agency", "user", "workcalendarday")
                        if (action, model) != ("delete", "user")
                    ],
                    Role.COORDINATOR: ["view_agency", "view_workcalendarday"],
                    Role.EDITOR: ["view_agency"],
                    Role.PUBLISHER: ["view_agency"],
                    Role.PLAN_MANAGER: ["view_agency"],
                    Role.INDEX_MANAGER: ["view_agency"],
                    Role.OBSERVER: ["view_agency", "view_workcalendarday"],
                },
            ),
            migrations.RunPython.noop,
        ),
    ]
