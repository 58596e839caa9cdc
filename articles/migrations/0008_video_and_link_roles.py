from django.db import migrations

from agencies.roles import Role, grant

WRITES = ["add_video", "change_video", "view_video", "delete_video"]
MENDS = ["view_linkfault", "change_linkfault"]  # changing one: asking for it to be looked at again


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_videos_and_links"), ("agencies", "0002_roles")]

    operations = [
        migrations.RunPython(
            grant(
                "articles",
                {
                    Role.EDITOR: [*WRITES, *MENDS],
                    Role.PUBLISHER: [*WRITES, *MENDS],
                    Role.OBSERVER: ["view_video", "view_linkfault"],
                },
            ),
            migrations.RunPython.noop,
        )
    ]
