"""What was found by reading against it: nothing that could be taken back unseals a statement, and four smaller holes.

That all statements are in must be committed before any is read, as that an investigation was opened: else one lets all
go, reads, and takes it back. A statement that was let go meanwhile refuses words. Keys stand beside students whom one
finds only; who is asked works at the school; what somebody has to do with it is one of four things.
"""

from importlib import import_module

from django.db import migrations, models

from core.rls import sees

SEALED = import_module("safeguarding.investigations.migrations.0004_sealed_until_all_are_in")
FINDING = import_module("safeguarding.investigations.migrations.0006_finding")
BEGIN = import_module("safeguarding.investigations.migrations.0002_who_reads")


def function(statements: str, name: str, *changes: tuple[str, str]) -> str:
    """One function of an earlier migration, replaced with changes."""
    start = statements.index(f"CREATE FUNCTION guard.{name}()")
    text = statements[start : statements.index("END $$;", start) + len("END $$;")]
    for old, new in changes:
        assert old in text, old  # noqa: S101 (else nothing would change)
        text = text.replace(old, new)
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


WAITING = "w.in_at IS NULL AND w.let_go_at IS NULL"
UNSEALED = (
    (f"AND {WAITING})", f"AND (({WAITING}) OR greatest(w.in_at, w.let_go_at) >= transaction_timestamp()))"),
)  # fmt: skip
CAME = (
    (
        "  DELETE FROM public.investigations_statementkey",
        """  IF NOT FOUND AND coalesce(current_setting('waymark.actor', true), '') <> '' THEN
    RAISE EXCEPTION 'it came, or was let go' USING ERRCODE = 'check_violation';
  END IF;
  DELETE FROM public.investigations_statementkey""",
    ),
)
OPEN = (
    (
        "  IF NOT FOUND THEN",
        """  IF NOT FOUND OR (NEW.staff_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM public.accounts_user u JOIN public.investigations_investigation i ON i.school_id = u.school_id
        WHERE u.id = NEW.staff_id AND i.id = NEW.investigation_id)) THEN""",
    ),
)


def functions(*, tighter: bool) -> str:
    return "\n".join(
        [
            "SET LOCAL ROLE waymark_definer;",
            function(SEALED.FUNCTIONS, "statements_unsealed", *(UNSEALED if tighter else ())),
            function(SEALED.FUNCTIONS, "statement_came", *(CAME if tighter else ())),
            function(FINDING.FUNCTIONS, "statement_while_open", *(OPEN if tighter else ())),
            "SET LOCAL ROLE waymark_owner;",
        ]
    )


KEY = "ALTER POLICY may_insert ON investigations_investigationkey WITH CHECK ({})"


class Migration(migrations.Migration):
    dependencies = [("investigations", "0006_finding")]
    operations = [
        migrations.RunSQL(functions(tighter=True), functions(tighter=False)),
        migrations.RunSQL(
            KEY.format(f"{BEGIN.ADDS} AND {sees('students.find_student')}"), KEY.format(BEGIN.ADDS)
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(part__in=["target", "alleged", "witness", "reporter"]), name="party_part_known"
            ),
        ),
    ]
