"""A step may be for somebody outside to do."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0007_habit_policies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='planstep',
            name='owner',
            field=models.CharField(choices=[('student', 'Student'), ('staff', 'Staff'), ('home', 'Home'), ('outside', 'Somebody outside')], default='student', max_length=10, verbose_name='who'),
        ),
        migrations.AlterField(
            model_name='planstepchange',
            name='owner',
            field=models.CharField(choices=[('student', 'Student'), ('staff', 'Staff'), ('home', 'Home'), ('outside', 'Somebody outside')], default='student', max_length=10, verbose_name='who'),
        ),
    ]
