"""What a school asks students before a 1:1, and what they write: a new row each time."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_new_weeks'),
        ('students', '0004_calendar_of_the_school'),
        ('tutor_sessions', '0019_steps_outside'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReflectionSheet',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('prompts', models.TextField(blank=True, default='What has gone well since last time?\nWhat was hard?', max_length=1000, verbose_name='questions, one a line')),
                ('wish', models.CharField(default='One thing I want to do by next time', max_length=160, verbose_name='what they want to do')),
                ('asks_feeling', models.BooleanField(default=True, verbose_name='asks how they feel')),
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reflection_sheet', to='accounts.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reflection',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('submission', models.UUIDField(unique=True)),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('asked', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160), blank=True, default=list, size=None)),
                ('said', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=600), blank=True, default=list, size=None)),
                ('wish', models.CharField(blank=True, max_length=300, verbose_name='what they want to do')),
                ('feeling', models.PositiveSmallIntegerField(blank=True, choices=[(5, 'Great'), (4, 'Good'), (3, 'OK'), (2, 'Not so good'), (1, 'Bad')], null=True, verbose_name='how they feel')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reflections', to='students.student')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-written_at'],
                'indexes': [models.Index(fields=['student', '-written_at'], name='reflection_student_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('said__len', models.F('asked__len'))), name='reflection_answers_questions'), models.CheckConstraint(condition=models.Q(('feeling', None), ('feeling__range', (1, 5)), _connector='OR'), name='reflection_feeling_1_to_5'), models.CheckConstraint(condition=models.Q(('said__len__gt', 0), ('feeling__isnull', False), models.Q(('wish', ''), _negated=True), _connector='OR'), name='reflection_says_something')],
            },
        ),
    ]
