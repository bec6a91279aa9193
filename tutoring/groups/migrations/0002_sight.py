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

-- Those for whom the actor holds the permission: '*' for everybody there is, else an array of keys. Worked out once a
-- transaction; the note of it is signed together with the token and the moment the transaction began, so that nobody
-- else can write or reuse one. A whole school among several is not noted: an import adds to it as it goes.
CREATE FUNCTION guard.sight(wanted text) RETURNS text LANGUAGE plpgsql STABLE
  AS $$
DECLARE
  slot text := 'waymark.seen.' || wanted;
  note text := current_setting(slot, true);
  bound text := wanted || '|' || current_setting('waymark.actor', true) || '|' || transaction_timestamp() || '|';
  seen text := left(note, -64);
  actor guard.claims;
  who uuid;
BEGIN
  IF note <> '' AND right(note, 64) = guard.mac(bound || seen) THEN
    RETURN seen;
  END IF;
  actor := guard.checked();
  who := guard.person(actor.name);
  IF EXISTS (SELECT FROM guard.memberships(who, actor.on_day) m
               JOIN guard.role_permission p ON p.role = m.role AND p.permission = wanted
              WHERE m.scope = 'school' AND m.house_id IS NULL AND m.year_group IS NULL) THEN
    IF (SELECT count(*) FROM public.accounts_school) <> 1 THEN
      RETURN (SELECT array_agg(DISTINCT r)::text FROM guard.reach_with(who, wanted, actor.on_day) r);
    END IF;
    seen := '*';
  ELSE
    seen := coalesce((SELECT array_agg(DISTINCT r)::text FROM guard.reach_with(who, wanted, actor.on_day) r), '{}');
  END IF;
  PERFORM set_config(slot, seen || guard.mac(bound || seen), true);
  RETURN seen;
END $$;

CREATE FUNCTION guard.sees_all(wanted text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN coalesce(guard.sight(wanted), '') = '*'; END $$;

CREATE FUNCTION guard.students_seen(wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 60
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE seen text := guard.sight(wanted);
BEGIN
  IF seen = '*' THEN
    RETURN QUERY SELECT s.id FROM public.students_student s;
  ELSE
    RETURN QUERY SELECT unnest(seen::uuid[]);
  END IF;
END $$;

-- The other way round, for one student whom the actor sees: who holds the permission.
CREATE FUNCTION guard.staff_who_see(student uuid, wanted text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  seen text := guard.sight('students.view_student');
  today date := (guard.checked()).on_day;
BEGIN
  IF seen = '*' OR student = ANY(seen::uuid[]) THEN
    RETURN QUERY SELECT u.id FROM public.accounts_user u
      WHERE u.school_id = (SELECT s.school_id FROM public.students_student s WHERE s.id = student)
        AND EXISTS (SELECT FROM guard.reach_with(u.id, wanted, today) r WHERE r = student);
  END IF;
END $$;

-- The roles through which the actor reaches one student.
CREATE FUNCTION guard.roles_over(student uuid) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
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
  guard.sight(text), guard.reach_with(uuid, text, date), guard.reach(uuid, date);
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
