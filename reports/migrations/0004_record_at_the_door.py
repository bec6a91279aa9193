"""Of a session's lines, only its end is noted without an actor: opening a conversation never is."""

from django.db import migrations

BOUND = "coalesce(current_setting('waymark.actor', true), '') <> ''"
FAMILIES = "split_part(action, '.', 1) IN ('sign_in', 'factor', 'password', 'invitation', 'single_sign_on'{})"
POLICY = "ALTER POLICY may_insert ON audit_event WITH CHECK (({}) OR {})"


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_record_policies")]
    operations = [
        migrations.RunSQL(
            POLICY.format(BOUND, f"action = 'session.ended' OR {FAMILIES.format('')}"),
            POLICY.format(BOUND, FAMILIES.format(", 'session'")),
        )
    ]
