"""Who reads and keeps model plans; which plans may name one; how often a model helped, told of five students or more."""

from django.db import migrations

from audit.history import protect_history
from core.rls import holds, protect, sees, settled

ME, OURS = "(SELECT guard.uid())", "school_id = (SELECT guard.school())"
# A house's models are read by whoever reads plans of a student of that house.
HOUSES = f"SELECT s.house_id FROM students_student s WHERE {sees('plans.view_plan', 's.id')}"  # noqa: S608 (our own names)
SHARED = f"(sharing = 'school' OR (sharing = 'house' AND house_id IN ({HOUSES})))"
READ = f"{OURS} AND (author_id = {ME} OR ({holds('plans.view_plan')} AND {SHARED}))"
MINE = f"(author_id = {ME} AND {holds('plans.make_plan')})"
KEEP = f"{OURS} AND ({MINE} OR (sharing <> 'mine' AND {holds('plans.share_plans')}))"

MADE = f"made_by_id = {ME} AND {sees('plans.make_plan')}"
FROM_READABLE = "(from_model_id IS NULL OR from_model_id IN (SELECT m.id FROM plans_modelplan m))"

# Heads and tutors are told of the whole school's uses: over one group alone there would never be five. Sums and medians
# only, and nothing where fewer than five students had the model, so that no figure is one student's.
FIGURES = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.model_uses(models uuid[])
  RETURNS TABLE (model uuid, used bigint, finished bigint, achieved bigint, days double precision)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.id, count(*), count(p.closed_on),
         CASE WHEN count(DISTINCT p.student_id) FILTER (WHERE p.closed_on IS NOT NULL) >= 5
              THEN count(*) FILTER (WHERE p.outcome >= 1) END,
         CASE WHEN count(DISTINCT p.student_id) FILTER (WHERE p.closed_on IS NOT NULL) >= 5
              THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY p.closed_on - p.started_on)
                   FILTER (WHERE p.closed_on IS NOT NULL) END
    FROM public.plans_modelplan m JOIN public.plans_actionplan p ON p.from_model_id = m.id
   WHERE m.id = ANY (models) AND m.school_id = guard.school() AND guard.holds('plans.view_plan')
     AND (m.sharing <> 'mine' OR m.author_id = guard.uid())
   GROUP BY m.id HAVING count(DISTINCT p.student_id) >= 5
  $$;
-- The same weeks as in tutoring.plans.evidence: whole weeks in which the student could attend, equally many on each side.
CREATE FUNCTION guard.model_changes(wanted uuid, today date)
  RETURNS TABLE (compared bigint, absent double precision, late double precision, sanctions double precision,
                 rewards double precision)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH uses AS (
    SELECT p.id, p.student_id, p.started_on, least(coalesce(p.closed_on, today), today) AS ends_on
      FROM public.plans_modelplan m JOIN public.plans_actionplan p ON p.from_model_id = m.id
     WHERE m.id = wanted AND m.school_id = guard.school() AND guard.holds('plans.view_plan')
       AND (m.sharing <> 'mine' OR m.author_id = guard.uid())
  ), weeks AS (
    SELECT u.id, u.student_id, w.week, w.possible, w.authorised + w.unauthorised AS absent, w.late,
           w.week >= u.started_on AS since,
           row_number() OVER (PARTITION BY u.id, w.week >= u.started_on
                              ORDER BY abs(w.week - u.started_on)) AS place
      FROM uses u JOIN public.attendance_weekcount w ON w.student_id = u.student_id
     WHERE w.possible > 0
       AND (w.week + 7 <= u.started_on OR (w.week >= u.started_on AND w.week + 4 <= u.ends_on))
  ), spans AS (
    SELECT id, least(count(*) FILTER (WHERE since), count(*) FILTER (WHERE NOT since)) AS size FROM weeks GROUP BY id
  ), sides AS (
    SELECT w.id, w.student_id, w.since, sum(w.possible) AS possible, sum(w.absent) AS absent, sum(w.late) AS late,
           min(w.week) AS first_day, max(w.week) + 6 AS last_day
      FROM weeks w JOIN spans s ON s.id = w.id AND w.place <= s.size
     GROUP BY w.id, w.student_id, w.since
  ), told AS (
    SELECT s.*, b.rewards, b.sanctions
      FROM sides s CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE e.kind = 'positive') AS rewards,
               count(*) FILTER (WHERE e.kind = 'negative') AS sanctions
          FROM public.progress_behaviourevent e
         WHERE e.student_id = s.student_id AND e.date BETWEEN s.first_day AND s.last_day) b
  ), changes AS (
    SELECT a.student_id, (a.absent - b.absent)::float AS absent, (a.late - b.late)::float AS late,
           (a.sanctions - b.sanctions)::float AS sanctions, (a.rewards - b.rewards)::float AS rewards
      FROM told a JOIN told b ON b.id = a.id AND a.since AND NOT b.since
     WHERE a.possible >= 20 AND b.possible >= 20
  )
  SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY c.absent), percentile_cont(0.5) WITHIN GROUP (ORDER BY c.late),
         percentile_cont(0.5) WITHIN GROUP (ORDER BY c.sanctions), percentile_cont(0.5) WITHIN GROUP (ORDER BY c.rewards)
    FROM changes c HAVING count(DISTINCT c.student_id) >= 5
  $$;
GRANT EXECUTE ON FUNCTION guard.model_uses(uuid[]), guard.model_changes(uuid, date) TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
FIGURES_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.model_uses(uuid[]), guard.model_changes(uuid, date);
SET LOCAL ROLE waymark_owner;
"""
ABOUT = ("student_id", "made_by_id", "from_session_id")


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_model_plans"), ("attendance", "0004_policies"), ("progress", "0002_policies")]
    operations = [
        protect("plans_modelplan", select=READ, insert=f"{OURS} AND {MINE}", update=KEEP),
        protect_history("plans_modelplanchange", select=READ),
        settled("plans_modelplan", "school_id", "author_id"),
        migrations.RunSQL(
            f"ALTER POLICY may_insert ON plans_actionplan WITH CHECK ({MADE} AND {FROM_READABLE})",
            f"ALTER POLICY may_insert ON plans_actionplan WITH CHECK ({MADE})",
        ),
        migrations.RunSQL("DROP TRIGGER settled ON plans_actionplan", settled("plans_actionplan", *ABOUT).sql),
        settled("plans_actionplan", *ABOUT, "from_model_id", "from_model_version"),
        migrations.RunSQL(FIGURES, FIGURES_UNDO),
    ]
