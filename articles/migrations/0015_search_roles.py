from django.db import migrations

from agencies.roles import Role, grant

LISTS = [f"{verb}_{name}" for name in ("synonym", "bestbet") for verb in ("add", "change", "view", "delete")]


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0014_arrangement_order"),
        ("agencies", "0002_roles"),
        ("search", "0002_wordings"),
    ]

    operations = [
        migrations.RunPython(
            grant(
                "search",
                {
                    Role.EDITOR: ["view_synonym", "view_bestbet", "view_askedwords"],
                    Role.PUBLISHER: [*LISTS, "view_askedwords"],
                    Role.OBSERVER: ["view_synonym", "view_bestbet", "view_askedwords"],
                },
            ),
            migrations.RunPython.noop,
        ),
    ]
