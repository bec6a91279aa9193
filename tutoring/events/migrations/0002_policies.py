"""Everybody of a school reads its events; those who keep them write, and whoever runs one changes that one.

What a wrong view could get wrong is held here too: for whom names the school's own houses and groups, and whoever says
what came of an event first says so in their own name.
"""

from django.db import migrations

from audit.history import protect_history
from core.rls import holds, protect, settled

ME, SCHOOL = "(SELECT guard.uid())", "(SELECT guard.school())"
OURS, KEEPS = f"school_id = {SCHOOL}", holds("events.keep_events")
MINE = f"{OURS} AND ({KEEPS} OR lead_id = {ME})"
READ = "event_id IN (SELECT e.id FROM events_schoolevent e)"
CHANGED = f"""event_id IN (SELECT e.id FROM events_schoolevent e
  WHERE e.school_id = {SCHOOL} AND ({KEEPS} OR e.lead_id = {ME}))"""  # noqa: S608 (our own names)
OF_OURS = f"""(house_id IS NULL OR house_id IN (SELECT h.id FROM accounts_house h WHERE h.school_id = {SCHOOL}))
  AND (group_id IS NULL OR group_id IN (SELECT g.id FROM groups_tutorgroup g WHERE g.school_id = {SCHOOL}))"""  # noqa: S608

# After the row is written, so that policies speak first; the demo and migrations write as the owner, and are not asked.
CREATE = """
CREATE FUNCTION event_told() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, 'waymark_owner', 'MEMBER')
     OR (OLD.told_by_id, OLD.told_on) IS NOT DISTINCT FROM (NEW.told_by_id, NEW.told_on) THEN
    RETURN NULL;
  END IF;
  IF OLD.told_by_id IS NOT NULL OR (NEW.told_by_id, NEW.told_on) IS DISTINCT FROM
     (guard.uid(), (now() AT TIME ZONE 'Europe/London')::date) THEN
    RAISE EXCEPTION 'what came of an event is said first once, in one’s own name, that day'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER event_told AFTER UPDATE ON events_schoolevent
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION event_told();
"""
UNDO = """
DROP TRIGGER event_told ON events_schoolevent;
DROP FUNCTION event_told();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial"), ("groups", "0012_one_group_a_day")]
    operations = [
        protect(
            "events_schoolevent",
            select=OURS,
            insert=f"made_by_id = {ME} AND told_by_id IS NULL AND {OURS} AND {KEEPS}",
            update=MINE,
        ),
        settled("events_schoolevent", "school_id", "made_by_id", "created_at"),
        protect_history("events_schooleventchange", select=OURS),
        protect("events_audience", select=READ, insert=f"{CHANGED} AND {OF_OURS}", delete=CHANGED),
        migrations.RunSQL(CREATE, UNDO),
    ]
