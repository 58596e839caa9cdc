from django.db import migrations

from agencies.roles import Role, grant


class Migration(migrations.Migration):
    dependencies = [("agencies", "0005_api_keys")]

    operations = [
        migrations.RunPython(
            grant("agencies", {Role.ADMINISTRATOR: ["add_apikey", "change_apikey", "view_apikey"]}),
            migrations.RunPython.noop,
        )
    ]
