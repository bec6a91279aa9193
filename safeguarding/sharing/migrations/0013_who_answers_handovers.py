"""At every handover the leads are asked for a line to the next tutor; who has answered, and never what (delight 14).

It is asked of every handover, so it tells nothing. A lead who is kept from the child is asked like the others and may
answer, but that ends the question for nobody else: they do not learn that they are kept from it.
"""

from importlib import import_module

from django.db import migrations

from core.rls import protect, sees

WHO_READS = import_module("safeguarding.migrations.0002_who_reads")
POLICIES = import_module("safeguarding.migrations.0003_policies")
ME, PINNED = POLICIES.ME, WHO_READS.PINNED
ANSWER = "sharing_handoveranswer"

FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
-- Handed over within thirteen weeks, of students the actor reaches as a lead, and not answered since.
CREATE FUNCTION guard.handovers_to_answer() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} ROWS 20 AS $$
DECLARE
  me uuid := guard.uid();
  today date := guard.this_day();
BEGIN
  IF me IS NOT NULL AND guard.holds('safeguarding.keep_file') THEN
    RETURN QUERY SELECT h.id FROM public.handover_handover h
     WHERE h.handed_on BETWEEN today - 91 AND today
       AND (guard.sees_all('safeguarding.keep_file')
            OR h.student_id IN (SELECT guard.students_seen('safeguarding.keep_file')))
       AND NOT EXISTS (
         SELECT FROM public.{ANSWER} a
          WHERE a.handover_id = h.id AND a.answered_at::date >= h.handed_on
            AND (a.person_id = me OR h.student_id NOT IN (SELECT guard.children_kept_from(a.person_id))));
  END IF;
END $$;
CREATE FUNCTION guard.handover_answer_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.answered_at := guard.this_moment(NEW.answered_at);
  RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION guard.handovers_to_answer(), guard.handover_answer_dated() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER handover_answer_dated BEFORE INSERT ON {ANSWER}
  FOR EACH ROW EXECUTE FUNCTION guard.handover_answer_dated();
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = f"""
DROP TRIGGER handover_answer_dated ON {ANSWER};
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.handover_answer_dated(), guard.handovers_to_answer();
SET LOCAL ROLE waymark_owner;
"""
ASKED = (
    f"EXISTS (SELECT FROM handover_handover h WHERE h.id = handover_id AND h.handed_on IS NOT NULL"
    f" AND {sees('safeguarding.keep_file', 'h.student_id')})"
)


class Migration(migrations.Migration):
    dependencies = [("sharing", "0012_handover_answers"), ("handover", "0002_policies")]
    operations = [
        protect(
            ANSWER, select=f"person_id = {ME}", insert=f"person_id = {ME} AND (SELECT guard.elevated()) AND {ASKED}"
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]
