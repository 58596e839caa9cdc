from django.db import migrations

from agencies.roles import Role, grant


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("agencies", "0002_roles")]
    operations = [
        migrations.RunPython(
            grant("notifications", {Role.ADMINISTRATOR: ["view_message"]}), migrations.RunPython.noop
        ),
    ]
