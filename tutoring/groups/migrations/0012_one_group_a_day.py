"""Nobody is in two groups on one day: more than "at most one open place", which this takes the place of."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

DAYS = models.Func("starts_on", "ends_on", models.Value("[]"), function="daterange", output_field=DateRangeField())


class Migration(migrations.Migration):
    dependencies = [("groups", "0011_one_place_at_a_time")]
    operations = [
        BtreeGistExtension(),
        migrations.AddConstraint(
            model_name="groupmembership",
            constraint=ExclusionConstraint(
                name="one_group_a_day",
                expressions=[("student", "="), (DAYS, "&&")],
                violation_error_message="The student is in another group on one of these days.",
            ),
        ),
        migrations.RemoveConstraint(model_name="groupmembership", name="one_open_group"),
    ]
