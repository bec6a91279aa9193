"""The day on which the first grades of a data drop came in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0004_words_of_the_school")]
    operations = [
        migrations.AddField(
            model_name="datadrop", name="collected_on", field=models.DateField(blank=True, null=True)
        ),
    ]
