from django.db import migrations, models

from articles.models.article import tag_key


def keep_tones(apps, _schema_editor):
    """Keys were without marks, coarser than they are now: no two rows can get the same one."""
    tag = apps.get_model("articles", "Tag")
    for row in tag.objects.all():
        tag.objects.filter(pk=row.pk).update(key=tag_key(row.name))


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_alike")]
    operations = [
        migrations.AlterField(
            model_name="tag",
            name="key",
            field=models.CharField(editable=False, max_length=200, unique=True),
        ),
        migrations.RunPython(keep_tones, migrations.RunPython.noop),
    ]
