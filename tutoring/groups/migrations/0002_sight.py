"""Who sees whom, once: `guard.reach` says it, and every policy about a student asks it. Decision 0006."""

from django.db import migrations

from core.rls import holds, protect, sees

REACH = """
GRANT SELECT ON students_student, groups_groupmembership, groups_tutorassignment, groups_caseloadentry TO waymark_definer;
SET LOCAL ROLE waymark_definer;

-- The definition. Each student a person reaches that day, with the role it comes from: through the school, a house, a
-- year (a membership that names both reaches where they meet), a tutor group, or the student alone.
CREATE FUNCTION guard.reach(who uuid, on_day date) RETURNS TABLE (student_id uuid, role text) LANGUAGE sql STABLE
  AS $$
  SELECT s.id, m.role
    FROM guard.memberships(who, on_day) m
    JOIN public.students_student s ON s.school_id = m.school_id
   WHERE m.scope <> 'assigned'
     AND (m.scope <> 'house' OR m.house_id IS NOT NULL)
     AND (m.scope <> 'year' OR m.year_group IS NOT NULL)
     AND (m.house_id IS NULL OR s.house_id = m.house_id)
     AND (m.year_group IS NULL OR s.year_group = m.year_group)
  UNION ALL
  SELECT s.id, m.role
    FROM guard.memberships(who, on_day) m
    JOIN public.groups_tutorassignment t ON t.membership_id = m.linked_by
         AND t.starts_on <= on_day AND (t.ends_on IS NULL OR t.ends_on >= on_day)
    JOIN public.groups_groupmembership g ON g.group_id = t.group_id
         AND g.starts_on <= on_day AND (g.ends_on IS NULL OR g.ends_on >= on_day)
    JOIN public.students_student s ON s.id = g.student_id AND s.school_id = m.school_id
   WHERE m.scope = 'assigned'
  UNION ALL
  SELECT s.id, m.role
    FROM guard.memberships(who, on_day) m
    JOIN public.groups_caseloadentry c ON c.membership_id = m.linked_by
         AND c.starts_on <= on_day AND (c.ends_on IS NULL OR c.ends_on >= on_day)
    JOIN public.students_student s ON s.id = c.student_id AND s.school_id = m.school_id
   WHERE m.scope = 'assigned'
  $$;

CREATE FUNCTION guard.reach_with(who uuid, wanted text, on_day date) RETURNS SETOF uuid LANGUAGE sql STABLE
  AS $$ SELECT r.student_id FROM guard.reach(who, on_day) r
          JOIN guard.role_permission p ON p.role = r.role AND p.permission = wanted $$;

-- A note is good in the transaction and for the token it was signed with, and under its own name. Its signature stands
-- beside it: cutting it off a long text would take as long as checking it.
CREATE FUNCTION guard.noted(slot text) RETURNS text LANGUAGE plpgsql STABLE
  AS $$
DECLARE content text := current_setting(slot, true);
BEGIN
  RETURN CASE WHEN current_setting(slot || '_mac', true) = guard.mac(slot || '|' || current_setting('waymark.actor', true)
    || '|' || transaction_timestamp() || '|' || content) THEN content END;
END $$;

CREATE FUNCTION guard.note(slot text, content text) RETURNS void LANGUAGE plpgsql STABLE
  AS $$
BEGIN
  PERFORM set_config(slot, content, true), set_config(slot || '_mac', guard.mac(slot || '|'
    || current_setting('waymark.actor', true) || '|' || transaction_timestamp() || '|' || content), true);
END $$;

-- All that policies ask of the actor: person|school|system|elevated|request|;permission=whom;permission=whom;
-- `whom` is '*' for everybody there is, 'school' for everybody at the person's school, or the number of the note that
-- lists them: a bit for each role that holds the permission. Plans are made once a connection: with the values
-- of the day planned in, planning would take ten times as long as the answer.
CREATE FUNCTION guard.reckon() RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  actor guard.claims := guard.checked();
  who uuid := guard.person(actor.name);
  school uuid;
  held text[];      -- the person's roles
  whole text[];     -- those of them that reach a whole school
  everybody text;
  places text[] := (SELECT array_agg(role ORDER BY role) FROM guard.role_scope);
  bits integer[];   -- of the role through which,
  reached uuid[];   -- each of these students is reached
  lists integer[];  -- the numbers of the notes to write
  known text;
BEGIN
  SELECT (array_agg(m.school_id))[1], array_agg(DISTINCT m.role),
         array_agg(DISTINCT m.role) FILTER (WHERE m.scope = 'school' AND m.house_id IS NULL AND m.year_group IS NULL)
    INTO school, held, whole FROM guard.memberships(who, actor.on_day) m;
  whole := coalesce(whole, '{}');
  everybody := CASE WHEN (SELECT count(*) FROM public.accounts_school) = 1 THEN '*' ELSE 'school' END;
  SELECT string_agg(p.permission || '=' || CASE WHEN p.everywhere THEN everybody ELSE p.number::text END || ';', ''),
         array_agg(DISTINCT p.number) FILTER (WHERE NOT p.everywhere)
    INTO known, lists
    FROM (SELECT permission, sum(1 << array_position(places, role))::integer AS number, bool_or(role = ANY (whole)) AS everywhere
            FROM guard.role_permission WHERE role = ANY (held) GROUP BY permission) p;
  IF lists IS NOT NULL THEN
    SELECT array_agg(1 << array_position(places, r.role)), array_agg(r.student_id) INTO bits, reached
      FROM guard.reach(who, actor.on_day) r WHERE r.role <> ALL (whole);
    PERFORM guard.note('waymark.seen_' || n.number, coalesce((SELECT array_agg(DISTINCT r.student)::text
      FROM unnest(bits, reached) AS r(bit, student) WHERE n.number & r.bit <> 0), '{}')) FROM unnest(lists) AS n(number);
  END IF;
  known := concat_ws('|', coalesce(who::text, ''), coalesce(school::text, ''),
    CASE WHEN actor.name LIKE 'system:%' THEN substr(actor.name, 8) ELSE '' END,
    actor.elevated::text, coalesce(actor.request::text, ''), ';' || coalesce(known, ''));
  PERFORM guard.note('waymark.known', known);
  RETURN known;
END $$;

CREATE FUNCTION guard.known() RETURNS text LANGUAGE plpgsql STABLE
  AS $$ BEGIN RETURN coalesce(guard.noted('waymark.known'), guard.reckon()); END $$;

-- Whom the actor may see with a permission, as `known` says it; '' for nobody.
CREATE FUNCTION guard.whom(wanted text) RETURNS text LANGUAGE plpgsql STABLE
  AS $$ BEGIN RETURN split_part(split_part(guard.known(), ';' || wanted || '=', 2), ';', 1); END $$;

CREATE FUNCTION guard.sees_all(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN guard.whom(wanted) = '*'; END $$;

CREATE FUNCTION guard.students_seen(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  ROWS 60 SET search_path = pg_catalog, pg_temp AS $$
DECLARE whom text := guard.whom(wanted);
BEGIN
  IF whom = '*' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s;
  ELSIF whom = 'school' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s
                  WHERE s.school_id = split_part(guard.known(), '|', 2)::uuid;
  ELSIF whom <> '' THEN
    -- Lost only if somebody unset it: what is not there is seen by nobody.
    RETURN QUERY SELECT unnest(guard.noted('waymark.seen_' || whom)::uuid[]);
  END IF;
END $$;

-- The other way round, for one student whom the actor sees: who holds the permission.
CREATE FUNCTION guard.staff_who_see(student uuid, wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE today date := (guard.checked()).on_day;
BEGIN
  IF student IN (SELECT guard.students_seen('students.view_student')) THEN
    RETURN QUERY SELECT u.id FROM public.accounts_user u
      WHERE u.school_id = (SELECT s.school_id FROM public.students_student s WHERE s.id = student)
        AND EXISTS (SELECT FROM guard.reach_with(u.id, wanted, today) r WHERE r = student);
  END IF;
END $$;

-- The roles through which the actor reaches one student.
CREATE FUNCTION guard.roles_over(student uuid) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE actor guard.claims := guard.checked();
BEGIN
  RETURN QUERY SELECT DISTINCT r.role FROM guard.reach(guard.person(actor.name), actor.on_day) r
                WHERE r.student_id = student;
END $$;

GRANT EXECUTE ON FUNCTION guard.sees_all(text), guard.students_seen(text), guard.staff_who_see(uuid, text),
  guard.roles_over(uuid) TO waymark_web, waymark_owner;
GRANT EXECUTE ON FUNCTION guard.reach(uuid, date), guard.reach_with(uuid, text, date) TO waymark_owner;
SET LOCAL ROLE waymark_owner;
"""

UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.roles_over(uuid), guard.staff_who_see(uuid, text), guard.students_seen(text), guard.sees_all(text),
  guard.whom(text), guard.known(), guard.reckon(), guard.note(text, text), guard.noted(text),
  guard.reach_with(uuid, text, date), guard.reach(uuid, date);
SET LOCAL ROLE waymark_owner;
REVOKE SELECT ON students_student, groups_groupmembership, groups_tutorassignment, groups_caseloadentry
  FROM waymark_definer;
"""

VIEW, FAMILY, IMPORT = "students.view_student", "students.view_family", "exchange.import_data"
BROUGHT_IN = {command: sees(IMPORT) for command in ("insert", "update", "delete")}
OF_MY_SCHOOL = f"school_id = (SELECT guard.school()) AND {holds(IMPORT)}"


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial"), ("accounts", "0003_guard"), ("students", "0002_student_sort_name")]
    operations = [
        migrations.RunSQL(REACH, UNDO),
        protect(
            "students_student", select=sees(VIEW, "id"), insert=OF_MY_SCHOOL, update=OF_MY_SCHOOL, delete=OF_MY_SCHOOL
        ),
        protect("students_contact", select=sees(FAMILY), **BROUGHT_IN),
        protect("groups_groupmembership", select=sees(VIEW), **BROUGHT_IN),
        protect("groups_caseloadentry", select=sees(VIEW), **BROUGHT_IN),
    ]
