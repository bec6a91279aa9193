"""What a stage of warnings is for, in the school’s words."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0006_who_may'),
    ]

    operations = [
        migrations.AddField(
            model_name='warningstage',
            name='meaning',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='what it is for'),
        ),
        migrations.AlterField(
            model_name='warningstage',
            name='roles',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('tutor', 'Tutor'), ('one_to_one_tutor', '1:1 tutor'), ('head_of_house', 'Head of house'), ('deputy_head_of_house', 'Deputy head of house'), ('head_of_year', 'Head of year'), ('senco', 'SENCO'), ('dsl', 'Designated safeguarding lead'), ('deputy_dsl', 'Deputy DSL'), ('headteacher', 'Headteacher'), ('senior_leader', 'Senior leader'), ('data_manager', 'Data manager'), ('attendance_officer', 'Attendance officer'), ('nurse', 'Nurse'), ('subject_teacher', 'Subject teacher'), ('contributor', 'Contributor')], max_length=30), size=None, verbose_name='who may issue it'),
        ),
    ]
