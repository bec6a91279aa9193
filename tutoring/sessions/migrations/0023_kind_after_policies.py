"""A kind of another school is refused by the column that stays empty, once the policies have answered, and not before.

Until here the trigger refused it, before any policy was asked: whoever sees no student learnt from the error whether a
student's key and a kind's belong to one school. Without a row to take it from, the kind is NULL, which its column is not.
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

KINDS = import_module("tutoring.sessions.migrations.0009_every_session_has_a_kind").KINDS
BEFORE = as_before(KINDS, "kind_of_session")
REFUSES = """
  IF NEW.school_kind_id IS NULL THEN
    RAISE EXCEPTION 'not a kind of session of this school' USING ERRCODE = 'check_violation';
  END IF;"""
assert REFUSES in BEFORE  # noqa: S101 (else nothing would change)


def as_definer(text: str) -> str:
    return f"SET LOCAL ROLE waymark_definer;\n{text}\nSET LOCAL ROLE waymark_owner;"


class Migration(migrations.Migration):
    dependencies = [("tutor_sessions", "0022_own_time")]
    operations = [migrations.RunSQL(as_definer(BEFORE.replace(REFUSES, "")), as_definer(BEFORE))]
