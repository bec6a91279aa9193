"""What injected SQL might try, and what must come of it: refused, nothing found, or what is the tutor's own anyway.

Statements after ;; run in the same transaction; the last one's answer counts. "was open" marks what these probes found.
"""

# ruff: noqa: E501 (a statement is easier to read whole)

REFUSED, NOTHING, MINE = "refused", "nothing", "mine"
COPY_OUT = "COPY students_student TO STDOUT"
COUNT = "SELECT count(*) FROM students_student"
SET_ACTOR = "SELECT set_config('waymark.actor', '{}', true)"
INSERT_MEMBERSHIP = (
    "INSERT INTO accounts_membership (id, user_id, school_id, role, starts_on)"
    " VALUES (gen_random_uuid(), '{tutor}', '{school}', 'headteacher', '2020-01-01')"
)
SESSION_COLUMNS = (
    "(id, student_id, author_id, submission, kind, topics, held_on, place, happened, student_words, confidentiality,"
    " for_report, created_at, updated_at, version)"
)
SESSION_VALUES = (
    "(gen_random_uuid(), '{hidden}', '{tutor}', gen_random_uuid(), 'meeting', '{{}}', '2026-10-01', '', 'x', '', 'team',"
    " false, now(), now(), 1)"
)
# What is tried (statements after ;; run in the same transaction) and what must come of the last of them.
PROBES: dict[str, tuple[str, str]] = {
    # Being somebody else
    "no token": (f"{SET_ACTOR.format('')};;{COUNT}", REFUSED),
    "a name without a signature": (f"{SET_ACTOR.format('{head}')};;{COUNT}", REFUSED),
    "a forged signature": (f"{SET_ACTOR.format('{head_token}|{head_mac}')};;{COUNT}", REFUSED),
    "a token of long ago": (f"{SET_ACTOR.format('{stale}')};;{COUNT}", REFUSED),
    "my token made elevated": (
        "SELECT set_config('waymark.actor', replace(current_setting('waymark.actor'), '|f|', '|t|'), true);;"
        "SELECT guard.elevated()",
        REFUSED,
    ),
    "my token for another day": (
        "SELECT set_config('waymark.actor', regexp_replace(current_setting('waymark.actor'), '[0-9]+-[0-9]+-[0-9]+',"
        f" '2020-01-01'), true);;{COUNT}",
        REFUSED,
    ),
    "a job of ours": (f"{SET_ACTOR.format('system:reports|f|2026-11-22|{now}|x|y')};;{COUNT}", REFUSED),
    "what is known of me, rewritten": (
        f"{COUNT};;SELECT set_config('waymark.known', regexp_replace(current_setting('waymark.known'), '=[a-z_,]+;',"
        f" '=*;', 'g'), true);;{COUNT}",
        MINE,
    ),
    "what is known of me, of my own making": (
        "SELECT set_config('waymark.known', '||||;students.view_student=*;', true),"
        f" set_config('waymark.known_mac', repeat('0', 64), true);;{COUNT}",
        MINE,
    ),
    "the number of what is kept, of my own making": (
        f"{COUNT};;SELECT set_config('waymark.known', regexp_replace(current_setting('waymark.known'), '\\|\\d+\\|;', '|1|;'),"
        f" true);;{COUNT}",
        MINE,
    ),
    "reading what is kept": ("SELECT * FROM guard.sight_list", REFUSED),
    "a list of my own": (
        "INSERT INTO guard.sight_list SELECT max(id), 'tutor', ARRAY['{hidden}'::uuid] FROM guard.sight", REFUSED,
    ),
    "what is kept, changed": ("UPDATE guard.sight SET known = 'students.view_student=*;'", REFUSED),
    "the marks, taken away": ("DELETE FROM guard.sight_mark", REFUSED),
    "reading the key": ("SELECT * FROM guard.actor_key", REFUSED),
    "signing by the function that signs": ("SELECT guard.mac('{head}')", REFUSED),
    "the door without a key": (
        f"{SET_ACTOR.format('')};;SELECT set_config('waymark.door', '{{door}}', true);;SELECT guard.at_door()",
        "false",
    ),
    # Getting round the policies
    "row_security off": (f"SET row_security = off;;{COUNT}", REFUSED),
    "a policy changed": ("ALTER POLICY may_select ON students_student USING (true)", REFUSED),
    "a policy added": ("CREATE POLICY mine ON students_student USING (true)", REFUSED),
    "policies switched off": ("ALTER TABLE students_student DISABLE ROW LEVEL SECURITY", REFUSED),
    "a trigger": ("CREATE TRIGGER t AFTER INSERT ON students_student EXECUTE FUNCTION guard.keep_session_day()", REFUSED),
    "a trigger switched off": ("ALTER TABLE tutor_sessions_tutorsession DISABLE TRIGGER settled", REFUSED),
    "triggers skipped": ("SET session_replication_role = replica", REFUSED),
    "a view": ("CREATE VIEW v AS SELECT * FROM students_student", REFUSED),
    "a temporary table": ("CREATE TEMPORARY TABLE t (id int)", REFUSED),
    "a function": ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", REFUSED),
    "a temporary function": ("CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", REFUSED),
    "an operator that tells": ("CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)", REFUSED),
    "a schema in front": ("CREATE SCHEMA s", REFUSED),
    "truncating": ("TRUNCATE students_student CASCADE", REFUSED),
    "a foreign key to feel with": ("CREATE TABLE t (id uuid REFERENCES students_student)", REFUSED),
    "reach, asked for another": ("SELECT * FROM guard.reach('{head}', current_date)", REFUSED),
    "reach_with, asked for another": ("SELECT * FROM guard.reach_with('{head}', 'students.view_student', now()::date)", REFUSED),
    "memberships, asked for another": ("SELECT * FROM guard.memberships('{head}', current_date)", REFUSED),
    "who sees a hidden student": ("SELECT * FROM guard.staff_who_see('{hidden}', 'students.view_student')", NOTHING),
    "whether somebody has left a hidden student": (
        "SELECT guard.has_left('{head}', '{hidden}', 'exchange.import_data')", "false",
    ),
    "attendance of another school": (
        "SELECT possible FROM guard.school_attendance('{elsewhere}', '2020-01-01', '2030-01-01', NULL)", NOTHING,
    ),
    # Reading past them
    "all students": (COUNT, MINE),
    "a hidden student by key": ("SELECT 1 FROM students_student WHERE id = '{hidden}'", NOTHING),
    "dividing by zero on hidden rows": (
        "SELECT 1 FROM students_student WHERE id = '{hidden}' AND 1 / (length(legal_surname) - length(legal_surname)) = 1",
        NOTHING,
    ),
    "a cast that tells": (
        "SELECT 1 FROM students_student WHERE id = '{hidden}' AND CAST(legal_surname AS int) = 1", NOTHING,
    ),
    "a cheap condition before the policy": (
        "SELECT 1 FROM students_contact WHERE student_id = '{hidden}' AND phone::int = 1", NOTHING,
    ),
    "statistics": ("SELECT most_common_vals FROM pg_stats WHERE tablename = 'students_student'", NOTHING),
    "statistics in the raw": ("SELECT * FROM pg_statistic", REFUSED),
    "colleagues' statements": ("SELECT query FROM pg_stat_activity", REFUSED),
    "colleagues' statements by function": ("SELECT pg_stat_get_backend_activity(1)", REFUSED),
    "copying out": (COPY_OUT, MINE),
    "a block of code": (
        "DO $$ BEGIN IF EXISTS (SELECT FROM students_student WHERE id = '{hidden}') THEN RAISE 'seen'; END IF; END $$",
        NOTHING,
    ),
    "hidden words": ("SELECT happened FROM tutor_sessions_tutorsession WHERE id = '{secret}'", NOTHING),
    "what became of hidden words": ("SELECT 1 FROM tutor_sessions_tutorsessionchange WHERE id = '{secret}'", NOTHING),
    "who is named in hidden words": ("SELECT 1 FROM tutor_sessions_tutorsession_named_staff WHERE user_id = '{head}'", NOTHING),
    "a colleague's draft": ("SELECT 1 FROM accounts_draft", NOTHING),
    "reports of others": ("SELECT file FROM reports_reportitem", NOTHING),
    "the record of others": ("SELECT 1 FROM audit_event WHERE actor_id = '{head}'", NOTHING),
    "keys of sessions": ("SELECT session_key FROM usersessions_usersession WHERE user_id = '{head}'", NOTHING),
    "second factors of others": ("SELECT data FROM mfa_authenticator WHERE user_id = '{head}'", NOTHING),
    "lines to staff of others": ("SELECT 1 FROM sharing_stafflinereader", NOTHING),
    "lines to staff, asked as a lead": ("SELECT * FROM guard.lines_kept()", NOTHING),
    "who opened a line": ("SELECT * FROM guard.line_readings(gen_random_uuid())", NOTHING),
    "by broken glass": ("SELECT * FROM guard.glass_concerns()", NOTHING),
    "whose glass was broken": ("SELECT student_id FROM sharing_glassbreak", NOTHING),
    "whose glass was broken, asked as a lead": ("SELECT * FROM guard.glass_kept()", NOTHING),
    "glass broken by no headteacher": (
        "INSERT INTO sharing_glassbreak (id, student_id, person_id, opened_at, why)"
        " VALUES (gen_random_uuid(), '{hidden}', '{tutor}', now(), repeat('x', 60)::bytea)",
        REFUSED,
    ),
    "who is kept from what": ("SELECT * FROM guard.kept_overview()", NOTHING),
    "what the headteacher is asked": ("SELECT * FROM guard.confirmations_seen()", NOTHING),
    "whether somebody reads a concern": (
        "SELECT guard.reads_by_role('{head}', gen_random_uuid(), current_date, NULL)", REFUSED,
    ),
    "reading for want of others, written in": (
        "INSERT INTO sharing_lastreader (id, concern_id, person_id, since)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), '{tutor}', now())",
        REFUSED,
    ),
    "a mail to a lead": ("SELECT guard.alert_lead('{head}')", REFUSED),
    # Files and the machine
    "a file of the server": ("SELECT pg_read_file('postgresql.conf')", REFUSED),
    "a folder of the server": ("SELECT pg_ls_dir('.')", REFUSED),
    "a program by COPY": ("COPY students_term TO PROGRAM 'cat'", REFUSED),
    "a file by COPY": ("COPY students_term TO '/tmp/waymark-test'", REFUSED),
    "a file as large object": ("SELECT lo_import('/etc/passwd')", REFUSED),
    "an extension": ("CREATE EXTENSION pg_trgm", REFUSED),
    "another server": ("CREATE FOREIGN DATA WRAPPER w", REFUSED),
    "a role": ("CREATE ROLE mine SUPERUSER", REFUSED),
    "reloading the server": ("SELECT pg_reload_conf()", REFUSED),
    # Writing oneself in
    "a role of headteacher": (INSERT_MEMBERSHIP, REFUSED),
    "my role changed": ("UPDATE accounts_membership SET role = 'headteacher' WHERE id = '{membership}' RETURNING 1", NOTHING),
    "another's role mine": ("UPDATE accounts_membership SET user_id = '{tutor}' WHERE user_id = '{head}' RETURNING 1", NOTHING),
    "a group of mine": (  # groups_tutorassignment had no policy
        "INSERT INTO groups_tutorassignment (id, membership_id, group_id, starts_on)"
        " VALUES (gen_random_uuid(), '{membership}', '{group}', '2020-01-01')",
        REFUSED,
    ),
    "my group exchanged": ("UPDATE groups_tutorassignment SET group_id = '{group}' RETURNING 1", NOTHING),
    "a student put into my group": ("UPDATE groups_groupmembership SET student_id = '{hidden}' RETURNING 1", NOTHING),
    "a student on my caseload": (
        "INSERT INTO groups_caseloadentry (id, membership_id, student_id, starts_on)"
        " VALUES (gen_random_uuid(), '{membership}', '{hidden}', '2020-01-01')",
        REFUSED,
    ),
    "a student into my house": ("UPDATE students_student SET house_id = '{house}' RETURNING 1", NOTHING),
    "a permission for my role": ("INSERT INTO guard.role_permission VALUES ('tutor', 'exchange.import_data')", REFUSED),
    "a scope for my role": ("UPDATE guard.role_scope SET scope = 'school'", REFUSED),
    "another school": ("UPDATE accounts_user SET school_id = '{elsewhere}' WHERE id = '{tutor}'", REFUSED),  # was open
    "the head's password": ("UPDATE accounts_user SET password = 'x' WHERE id = '{head}' RETURNING 1", NOTHING),  # open
    "the head's password, as nobody": (
        f"{SET_ACTOR.format('')};;UPDATE accounts_user SET password = 'x' WHERE id = '{{head}}' RETURNING 1", REFUSED,
    ),
    "the head's address": ("UPDATE accounts_user SET email = 'x@y.example' WHERE id = '{head}' RETURNING 1", NOTHING),
    "the head switched off": ("UPDATE accounts_user SET is_active = false WHERE id = '{head}' RETURNING 1", NOTHING),
    "an account": (
        "INSERT INTO accounts_user (id, email, password, title, first_name, last_name, staff_code, is_active, is_staff,"
        " date_joined) VALUES (gen_random_uuid(), 'a@b.example', '', '', 'A', 'B', '', true, false, now())",
        REFUSED,
    ),
    "a second factor for the head": (
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES ('{head}', 'totp', '{{}}', now())", REFUSED,
    ),
    "an address for the head": (
        "INSERT INTO account_emailaddress (user_id, email, verified, \"primary\") VALUES ('{head}', 'x@y.example', true, true)",
        REFUSED,
    ),
    "a school account for the head": (
        "INSERT INTO socialaccount_socialaccount (user_id, provider, uid, last_login, date_joined, extra_data)"
        " VALUES ('{head}', 'microsoft', 'x', now(), now(), '{{}}')",
        REFUSED,
    ),
    "an invitation for the head": (
        "INSERT INTO accounts_invitation (id, user_id, token_hash, sent_at)"
        " VALUES (gen_random_uuid(), '{head}', 'x', now())",
        REFUSED,
    ),
    # Hanging things on what one does not see
    "words about a hidden student": (f"INSERT INTO tutor_sessions_tutorsession {SESSION_COLUMNS} VALUES {SESSION_VALUES}", REFUSED),
    "words in another's name": (
        "INSERT INTO tutor_sessions_tutorsession " + SESSION_COLUMNS + " VALUES "
        + SESSION_VALUES.replace("{hidden}", "{mine}").replace("{tutor}", "{head}"),
        REFUSED,
    ),
    "my words moved to a hidden student": ("UPDATE tutor_sessions_tutorsession SET student_id = '{hidden}'", REFUSED),  # open
    "my step moved to a hidden student": ("UPDATE tutor_sessions_nextstep SET student_id = '{hidden}'", REFUSED),  # was open
    "a step on hidden words": (
        "INSERT INTO tutor_sessions_nextstep (id, session_id, student_id, text, owner, outcome)"
        " VALUES (gen_random_uuid(), '{secret}', '{hidden}', 'x', 'staff', '')",
        REFUSED,
    ),
    "a name on hidden words": (
        "INSERT INTO tutor_sessions_tutorsession_named_staff (tutorsession_id, user_id) VALUES ('{secret}', '{tutor}')",
        REFUSED,
    ),
    "a day that was not": ("DELETE FROM tutor_sessions_sessionday", REFUSED),
    "another's words changed": ("UPDATE tutor_sessions_tutorsession SET happened = 'x' WHERE id = '{secret}' RETURNING 1", NOTHING),
    "words removed": ("DELETE FROM tutor_sessions_tutorsession", REFUSED),
    "a run in the head's name": (
        "INSERT INTO reports_reportbatch (id, school_id, term_id, requested_by_id, state, created_at) SELECT"
        " gen_random_uuid(), '{school}', id, '{head}', 'open', now() FROM students_term LIMIT 1",
        REFUSED,
    ),
    "an import": (
        "INSERT INTO exchange_importrun (id, school_id, requested_by_id, state, created_at, attempts, progress, total, step,"
        " files, only_if_all_good, error) VALUES (gen_random_uuid(), '{school}', '{tutor}', 'checking', now(), 0, 0, 0, '',"
        " '[]', false, '')",
        REFUSED,
    ),
    "the school renamed": ("UPDATE accounts_school SET name = 'x' RETURNING 1", NOTHING),  # was open
    "the calendar emptied": ("DELETE FROM students_term RETURNING 1", NOTHING),  # was open
    "what codes mean": ("UPDATE attendance_code SET stat_class = 'PRESENT'", REFUSED),  # was open
    "migrations forgotten": ("DELETE FROM django_migrations", REFUSED),  # was open
    # The record
    "an event changed": ("UPDATE audit_event SET action = 'x'", REFUSED),
    "an event removed": ("DELETE FROM audit_event", REFUSED),
    "history rewritten": ("UPDATE tutor_sessions_tutorsessionchange SET happened = 'x'", REFUSED),
    "history removed": ("DELETE FROM students_studentchange", REFUSED),
    "a seal": ("INSERT INTO audit_seal (n) VALUES (1)", REFUSED),
}  # fmt: skip

# These need the real login: the tests' own may become anybody.
LOGIN_PROBES = [
    "SET ROLE waymark_owner",
    "SET ROLE waymark_definer",
    "SET ROLE waymark_migrate",
    "SET ROLE waymark_worker",
    "SET ROLE waymark_backup",
    "SET SESSION AUTHORIZATION waymark_owner",
    "ALTER SYSTEM SET log_statement = 'all'",
    "CREATE DATABASE mine",
    "ALTER ROLE waymark_web BYPASSRLS",
    "GRANT waymark_owner TO waymark_web",
    "CREATE TEMPORARY TABLE t (id int)",
]
