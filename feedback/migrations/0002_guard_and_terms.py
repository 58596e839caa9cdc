from datetime import date

from django.db import migrations

from agencies.roles import Role, grant
from feedback import history

BASIS = {
    "screen": "Quy chế của cổng: mặc định 2 ngày làm việc",
    "transfer": "Nghị định 20/2008/NĐ-CP, Điều 9: chuyển chậm nhất 5 ngày làm việc",
    "answer": "Quy chế của cổng: mặc định 15 ngày làm việc",
}
DAYS = {"screen": 2, "transfer": 5, "answer": 15}


def set_terms(apps, schema_editor):
    Term = apps.get_model("feedback", "Term")
    for kind in ("question", "feedback"):
        for step, days in DAYS.items():
            Term.objects.get_or_create(
                kind=kind,
                step=step,
                valid_from=date(2023, 1, 1),
                defaults={"working_days": days, "basis": BASIS[step]},
            )


def guard_history(apps, schema_editor):
    history.guard(schema_editor.connection)


def unguard_history(apps, schema_editor):
    history.unguard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("agencies", "0002_roles")]
    operations = [
        migrations.RunPython(set_terms, migrations.RunPython.noop),
        migrations.RunPython(
            grant("feedback", {Role.ADMINISTRATOR: ["add_term", "change_term", "view_term"]}),
            migrations.RunPython.noop,
        ),
        # Last: SQLite drops triggers when a table is rebuilt.
        migrations.RunPython(guard_history, unguard_history),
    ]
