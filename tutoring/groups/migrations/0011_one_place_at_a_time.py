"""Places in a group that share a day are put one after the other, so that 0012 can forbid it.

Of two that begin on one day the longer stays; an earlier one ends the day before the next begins.
"""

from django.db import migrations

LONGEST = """
DELETE FROM groups_groupmembership m USING (
  SELECT id, row_number() OVER (PARTITION BY student_id, starts_on ORDER BY ends_on DESC NULLS FIRST, id) AS nth
    FROM groups_groupmembership) same
 WHERE m.id = same.id AND same.nth > 1
"""
ONE_AFTER_THE_OTHER = """
UPDATE groups_groupmembership m SET ends_on = later.begins - 1 FROM (
  SELECT id, lead(starts_on) OVER (PARTITION BY student_id ORDER BY starts_on) AS begins
    FROM groups_groupmembership) later
 WHERE m.id = later.id AND (m.ends_on IS NULL OR m.ends_on >= later.begins)
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0010_cover")]
    operations = [migrations.RunSQL([LONGEST, ONE_AFTER_THE_OTHER], migrations.RunSQL.noop)]
