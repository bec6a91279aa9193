"""Who sees for whom a second person is waited for, and who reads a concern for want of others; what ends once."""

from importlib import import_module

from django.db import migrations

from core.rls import protect, settled

POLICIES = import_module("safeguarding.migrations.0003_policies")
ME = POLICIES.ME
SEEN, DECIDE = "id IN (SELECT guard.confirmations_seen())", "id IN (SELECT guard.confirmations_to_decide())"
TRIGGERS = """
GRANT INSERT, UPDATE (ended_at) ON sharing_lastreader TO waymark_definer;
CREATE POLICY definer_writes ON sharing_lastreader TO waymark_definer USING (true) WITH CHECK (true);
GRANT INSERT ON sharing_confirmation TO waymark_definer;
CREATE POLICY definer_writes ON sharing_confirmation FOR INSERT TO waymark_definer WITH CHECK (true);
CREATE TRIGGER linked_told AFTER INSERT ON safeguarding_concernchild
  FOR EACH ROW EXECUTE FUNCTION guard.linked_told();
-- At the end of the transaction: linking puts a key, takes one away and links, in this order.
CREATE CONSTRAINT TRIGGER stays_readable AFTER DELETE ON safeguarding_concernchild DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION guard.stays_readable();
CREATE CONSTRAINT TRIGGER stays_readable AFTER DELETE ON safeguarding_concernkey DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION guard.stays_readable();
CREATE TRIGGER kept_ends_once AFTER UPDATE ON safeguarding_keptfrom FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.kept_ends_once();
CREATE TRIGGER confirmation_decided AFTER UPDATE ON sharing_confirmation FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.confirmation_decided();
"""
NO_TRIGGERS = """
DROP TRIGGER confirmation_decided ON sharing_confirmation;
DROP TRIGGER kept_ends_once ON safeguarding_keptfrom;
DROP TRIGGER stays_readable ON safeguarding_concernkey;
DROP TRIGGER stays_readable ON safeguarding_concernchild;
DROP TRIGGER linked_told ON safeguarding_concernchild;
DROP POLICY definer_writes ON sharing_confirmation;
REVOKE INSERT ON sharing_confirmation FROM waymark_definer;
DROP POLICY definer_writes ON sharing_lastreader;
REVOKE INSERT, UPDATE (ended_at) ON sharing_lastreader FROM waymark_definer;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0002_nobody_left_out")]
    operations = [
        protect("sharing_lastreader", select=POLICIES.in_file()),
        protect(
            "sharing_confirmation",
            select=SEEN,
            update=f"{DECIDE} AND (decided_by_id IS NULL OR decided_by_id = {ME})",
        ),
        settled("sharing_confirmation", "kept_id", "asked_at"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
