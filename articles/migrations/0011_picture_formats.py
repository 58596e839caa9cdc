import articles.models.media
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0010_document_types_and_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='image',
            name='formats',
            field=models.JSONField(default=articles.models.media.only_webp, editable=False),
        ),
        migrations.AlterField(
            model_name='file',
            name='ending',
            field=models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word (.docx)'), ('xlsx', 'Excel (.xlsx)'), ('pptx', 'PowerPoint (.pptx)'), ('odt', 'Văn bản ODF (.odt)'), ('ods', 'Bảng tính ODF (.ods)'), ('odp', 'Trình chiếu ODF (.odp)')], editable=False, max_length=8, verbose_name='loại tệp'),
        ),
    ]
