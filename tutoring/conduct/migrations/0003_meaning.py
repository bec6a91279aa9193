"""What a reward or sanction is for, in the school’s words."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conduct', '0002_policies'),
    ]

    operations = [
        migrations.AddField(
            model_name='conducttype',
            name='meaning',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='what it is for'),
        ),
    ]
