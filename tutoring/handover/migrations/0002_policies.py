"""Who reads and writes a handover; what rests once it is handed over, and who acknowledges it."""

from django.db import migrations

from audit.history import protect_history
from core.rls import protect, sees, settled

READ, WRITE = sees("handover.view_handover"), sees("handover.write_handover")
ME = "(SELECT guard.uid())"

# What a row was before no policy sees, so a trigger says who may take which step. Whoever stands in for the next tutor
# acts as them; where nobody is named, the next tutor is whoever is tied to the student that day.
KEPT = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.takes_over(student uuid, next_tutor uuid) RETURNS boolean LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  today date := (guard.checked()).on_day;
  held uuid[] := (SELECT array_agg(m.linked_by) FROM guard.memberships(guard.uid(), today) m);
BEGIN
  IF next_tutor IS NOT NULL THEN
    RETURN next_tutor = guard.uid()
      OR EXISTS (SELECT FROM public.accounts_membership m WHERE m.user_id = next_tutor AND m.id = ANY (held));
  END IF;
  RETURN EXISTS (SELECT FROM public.groups_tutorassignment t
                   JOIN public.groups_groupmembership g ON g.group_id = t.group_id AND g.student_id = student
                        AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on >= today)
                  WHERE t.membership_id = ANY (held)
                    AND t.starts_on <= today AND (t.ends_on IS NULL OR t.ends_on >= today))
      OR EXISTS (SELECT FROM public.groups_caseloadentry c
                  WHERE c.student_id = student AND c.membership_id = ANY (held)
                    AND c.starts_on <= today AND (c.ends_on IS NULL OR c.ends_on >= today));
END $$;

CREATE FUNCTION guard.handover_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE me uuid := guard.uid();
BEGIN
  IF OLD.acknowledged_on IS NOT NULL THEN
    PERFORM guard.refuse('a handover that was acknowledged stays as it is');
  END IF;
  IF OLD.handed_on IS NOT NULL
     AND (OLD.helps, OLD.hinders, OLD.proud, OLD.working_on, OLD.go_to, OLD.note, OLD.year)
         IS DISTINCT FROM (NEW.helps, NEW.hinders, NEW.proud, NEW.working_on, NEW.go_to, NEW.note, NEW.year) THEN
    PERFORM guard.refuse('the words of a handover rest once it is handed over');
  END IF;
  IF OLD.handed_on IS NOT NULL AND NEW.handed_on IS DISTINCT FROM OLD.handed_on AND me IS DISTINCT FROM OLD.from_tutor_id THEN
    PERFORM guard.refuse('only who wrote a handover takes it back');
  END IF;
  IF OLD.handed_on IS NOT NULL AND NEW.to_id IS DISTINCT FROM OLD.to_id AND me IS DISTINCT FROM OLD.from_tutor_id
     AND NOT guard.holds('groups.change_tutor')
     AND NOT (OLD.to_id IS NULL AND NEW.acknowledged_on IS NOT NULL AND NEW.to_id = me) THEN
    PERFORM guard.refuse('only who wrote a handover, or who changes tutors, names the next tutor');
  END IF;
  IF NEW.acknowledged_on IS NOT NULL AND (OLD.handed_on IS NULL OR NEW.acknowledged_by_id IS DISTINCT FROM me
     OR NEW.acknowledged_on <> (guard.checked()).on_day OR me = OLD.from_tutor_id
     OR NOT guard.takes_over(OLD.student_id, OLD.to_id)) THEN
    PERFORM guard.refuse('a handover is acknowledged by the next tutor, that day, after it was handed over');
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION guard.takes_over(uuid, uuid), guard.handover_kept() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.handover_kept() TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER handover_kept BEFORE UPDATE ON handover_handover FOR EACH ROW
  WHEN (NOT pg_has_role(current_user, 'waymark_owner', 'MEMBER')) EXECUTE FUNCTION guard.handover_kept();
"""
UNDO = """
DROP TRIGGER handover_kept ON handover_handover;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.handover_kept();
DROP FUNCTION guard.takes_over(uuid, uuid);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("handover", "0001_initial"), ("groups", "0007_heads_change_tutors")]
    operations = [
        protect(
            "handover_handover",
            select=READ,
            insert=f"from_tutor_id = {ME} AND acknowledged_on IS NULL AND {WRITE}",
            update=WRITE,
        ),
        settled("handover_handover", "student_id", "from_tutor_id"),
        migrations.RunSQL(KEPT, UNDO),
        protect_history("handover_handoverchange", select=READ),
    ]
