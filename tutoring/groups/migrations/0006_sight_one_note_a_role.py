"""What `groups/0002` says of who sees whom, worked out more simply: the same answers, by the same definition.

Memberships are read once instead of three times, and the students of a role are noted as they are found: no lists are
put together for each mix of roles that holds some permission. A quarter quicker for those who lead; the same for tutors.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

REACH = """
CREATE OR REPLACE FUNCTION guard.reach(who uuid, on_day date) RETURNS TABLE (student_id uuid, role text)
  LANGUAGE sql STABLE AS $$
  WITH m AS MATERIALIZED (SELECT * FROM guard.memberships(who, on_day))
  SELECT s.id, m.role
    FROM m
    JOIN public.students_student s ON s.school_id = m.school_id
   WHERE m.scope <> 'assigned'
     AND (m.scope <> 'house' OR m.house_id IS NOT NULL)
     AND (m.scope <> 'year' OR m.year_group IS NOT NULL)
     AND (m.house_id IS NULL OR s.house_id = m.house_id)
     AND (m.year_group IS NULL OR s.year_group = m.year_group)
  UNION ALL
  SELECT s.id, m.role
    FROM m
    JOIN public.groups_tutorassignment t ON t.membership_id = m.linked_by
         AND t.starts_on <= on_day AND (t.ends_on IS NULL OR t.ends_on >= on_day)
    JOIN public.groups_groupmembership g ON g.group_id = t.group_id
         AND g.starts_on <= on_day AND (g.ends_on IS NULL OR g.ends_on >= on_day)
    JOIN public.students_student s ON s.id = g.student_id AND s.school_id = m.school_id
   WHERE m.scope = 'assigned'
  UNION ALL
  SELECT s.id, m.role
    FROM m
    JOIN public.groups_caseloadentry c ON c.membership_id = m.linked_by
         AND c.starts_on <= on_day AND (c.ends_on IS NULL OR c.ends_on >= on_day)
    JOIN public.students_student s ON s.id = c.student_id AND s.school_id = m.school_id
   WHERE m.scope = 'assigned'
  $$;
"""

# `whom` is '*' for everybody there is, 'school' for everybody at the person's school, or the roles, as in 'sen,tutor',
# whose students are meant: each such role has a note that lists them.
RECKON = """
CREATE OR REPLACE FUNCTION guard.reckon() RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  actor guard.claims := guard.checked();
  who uuid := guard.person(actor.name);
  school uuid;
  held text[];      -- the person's roles
  whole text[];     -- those of them that reach a whole school
  everybody text;
  known text;
BEGIN
  SELECT (array_agg(m.school_id))[1], array_agg(DISTINCT m.role), coalesce(array_agg(DISTINCT m.role)
           FILTER (WHERE m.scope = 'school' AND m.house_id IS NULL AND m.year_group IS NULL), '{}'),
         CASE WHEN (SELECT count(*) FROM public.accounts_school) = 1 THEN '*' ELSE 'school' END
    INTO school, held, whole, everybody FROM guard.memberships(who, actor.on_day) m;
  SELECT string_agg(p.permission || '=' || p.whom || ';', '') INTO known
    FROM (SELECT permission, CASE WHEN bool_or(role = ANY (whole)) THEN everybody ELSE string_agg(role, ',') END AS whom
            FROM guard.role_permission WHERE role = ANY (held) GROUP BY permission) p;
  IF NOT held <@ whole THEN
    PERFORM guard.note('waymark.seen_' || r.role, array_agg(r.student_id)::text)
       FROM guard.reach(who, actor.on_day) r WHERE r.role <> ALL (whole) GROUP BY r.role;
  END IF;
  known := concat_ws('|', coalesce(who::text, ''), coalesce(school::text, ''),
    CASE WHEN actor.name LIKE 'system:%' THEN substr(actor.name, 8) ELSE '' END,
    actor.elevated::text, coalesce(actor.request::text, ''), ';' || coalesce(known, ''));
  PERFORM guard.note('waymark.known', known);
  RETURN known;
END $$;
"""

STUDENTS_SEEN = """
CREATE OR REPLACE FUNCTION guard.students_seen(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  ROWS 60 SET search_path = pg_catalog, pg_temp AS $$
DECLARE whom text := guard.whom(wanted);
BEGIN
  IF whom = '*' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s;
  ELSIF whom = 'school' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s
                  WHERE s.school_id = split_part(guard.known(), '|', 2)::uuid;
  ELSE
    -- A note is missing where the role reaches nobody, or if somebody unset it: what is not there is seen by nobody.
    RETURN QUERY SELECT unnest(guard.noted('waymark.seen_' || role)::uuid[])
                   FROM unnest(string_to_array(whom, ',')) AS role;
  END IF;
END $$;
"""


BEFORE = import_module("tutoring.groups.migrations.0002_sight").REACH


def as_definer(statements: str) -> str:
    """The schema `guard` is the definer's."""
    return f"SET LOCAL ROLE waymark_definer; {statements} SET LOCAL ROLE waymark_owner;"


class Migration(migrations.Migration):
    dependencies = [("groups", "0005_groups_of_the_school")]
    operations = [
        migrations.RunSQL(
            as_definer(REACH + RECKON + STUDENTS_SEEN),
            as_definer("".join(as_before(BEFORE, name) for name in ("reach", "reckon", "students_seen"))),
        )
    ]
