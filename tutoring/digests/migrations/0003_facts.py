"""What a mail home may say, and no more: the job that sends sees no student, it gets these few facts.

Of a person only who may praise home gets them, for the preview. A step goes home only where the student agreed to it
(words_for_home), it is the student's or the family's to do, and it names nobody: no surname of theirs, nobody else at
home, no other student by name. Good news is a number: whom at home we spoke with is nobody else's business.
"""

from django.db import migrations

CREATE = """
SET LOCAL ROLE waymark_definer;
CREATE FUNCTION guard.names_nobody(said text, child uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (
    SELECT FROM public.students_student me, LATERAL (
      VALUES (me.preferred_surname), (me.legal_surname)
      UNION ALL SELECT unnest(ARRAY[c.surname, c.forename]) FROM public.students_contact c
        WHERE c.student_id = me.id
      UNION ALL SELECT unnest(ARRAY[o.preferred_forename || ' ' || o.preferred_surname, o.preferred_surname])
        FROM public.students_student o WHERE o.school_id = me.school_id AND o.id <> me.id
    ) AS named (word)
    WHERE me.id = child AND word <> ''
      AND strpos(' ' || regexp_replace(lower(said), '[^[:alnum:]]+', ' ', 'g') || ' ',
                 ' ' || regexp_replace(lower(word), '[^[:alnum:]]+', ' ', 'g') || ' ') > 0)
$$;
CREATE FUNCTION guard.digest_facts(contacts uuid[], monday date)
  RETURNS TABLE (contact_id uuid, address text, forename text, school text, tutor text, first_day date, last_day date,
                 types text[], numbers int[], news int, counts int[], step text, step_by date)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  everybody boolean := guard.system_name() = 'family digests' OR guard.sees_all('tutor_sessions.praise_home');
  today date := (guard.checked()).on_day;
BEGIN
  RETURN QUERY
  SELECT c.id, c.email::text, s.preferred_forename::text, k.name::text, coalesce(t.called, ''), w.first_day, w.last_day,
         coalesce(r.types, '{}'), coalesce(r.numbers, '{}'), coalesce(n.news, 0), coalesce(a.counts, '{}'),
         coalesce(p.step, ''), p.step_by
    FROM public.digests_digestchoice h
    JOIN public.students_contact c ON c.id = h.contact_id AND c.student_id = h.student_id
     AND c.parental_responsibility AND NOT c.court_order AND c.email <> ''
    JOIN public.students_student s ON s.id = h.student_id AND (s.left_on IS NULL OR s.left_on >= monday)
    JOIN public.accounts_school k ON k.id = s.school_id
    CROSS JOIN LATERAL (
      SELECT monday - CASE h.rhythm WHEN 'fortnightly' THEN 7 ELSE 0 END AS first_day, monday + 4 AS last_day) w
    LEFT JOIN LATERAL (
      SELECT CASE WHEN u.title <> '' THEN u.title || ' ' || u.last_name ELSE u.first_name || ' ' || u.last_name END AS called
        FROM public.groups_groupmembership g
        JOIN public.groups_tutorassignment ta ON ta.group_id = g.group_id AND ta.starts_on <= today
         AND (ta.ends_on IS NULL OR ta.ends_on >= today)
        JOIN public.accounts_membership m ON m.id = ta.membership_id
        JOIN public.accounts_user u ON u.id = m.user_id AND u.is_active
       WHERE g.student_id = s.id AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on >= today)
       ORDER BY u.last_name, u.id LIMIT 1) t ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(b.category ORDER BY b.number DESC, b.category) AS types,
             array_agg(b.number ORDER BY b.number DESC, b.category) AS numbers
        FROM (SELECT e.category::text AS category, count(*)::int AS number FROM public.progress_behaviourevent e
               WHERE e.student_id = s.id AND e.kind = 'positive' AND e.date BETWEEN w.first_day AND w.last_day
               GROUP BY e.category) b) r ON true
    LEFT JOIN LATERAL (
      SELECT count(*)::int AS news FROM public.tutor_sessions_homecontact x
        JOIN public.tutor_sessions_sessionday d ON d.session_id = x.session_id AND d.may_go_home
       WHERE x.student_id = s.id AND x.tone = 'good' AND x.held_on BETWEEN w.first_day AND w.last_day) n ON true
    LEFT JOIN LATERAL (
      SELECT ARRAY[sum(v.possible), sum(v.attended), sum(v.authorised), sum(v.unauthorised), sum(v.arrivals),
                   sum(v.late), sum(v.notice), sum(v.unknown)]::int[] AS counts
        FROM public.attendance_weekcount v
       WHERE v.student_id = s.id AND v.week BETWEEN w.first_day AND w.last_day
      HAVING count(*) > 0) a ON true
    LEFT JOIN LATERAL (
      SELECT q.text::text AS step, q.due_on AS step_by FROM public.tutor_sessions_nextstep q
        JOIN public.tutor_sessions_wordsforhome f ON f.session_id = q.session_id
        JOIN public.tutor_sessions_sessionday d ON d.session_id = q.session_id AND d.may_go_home
       WHERE q.student_id = s.id AND q.owner IN ('student', 'home') AND q.done_on IS NULL
         AND f.held_on BETWEEN w.first_day AND w.last_day AND guard.names_nobody(q.text, s.id)
       ORDER BY f.held_on DESC, q.due_on, q.id LIMIT 1) p ON true
   WHERE h.contact_id = ANY (contacts) AND h.rhythm <> 'none'
     AND (everybody OR s.id IN (SELECT guard.students_seen('tutor_sessions.praise_home')));
END $$;
REVOKE ALL ON FUNCTION guard.names_nobody(text, uuid), guard.digest_facts(uuid[], date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.digest_facts(uuid[], date) TO waymark_owner, waymark_web;
SET LOCAL ROLE waymark_owner;
"""
UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.digest_facts(uuid[], date), guard.names_nobody(text, uuid);
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("digests", "0002_policies"),
        ("progress", "0004_words_of_the_school"),
        ("attendance", "0004_policies"),
        ("groups", "0009_short_notes"),
    ]
    operations = [migrations.RunSQL(CREATE, UNDO)]
