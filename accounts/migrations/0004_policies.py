"""Drafts are their writer's alone; who holds which role is open to read, and only the data manager writes it. Decision 0006."""

from django.db import migrations

from core.rls import holds, is_system, protect

MINE = "user_id = (SELECT guard.uid())"
MINE_OR_OLD = f"{MINE} OR {is_system('drafts')}"
STAFFING = f"school_id = (SELECT guard.school()) AND {holds('exchange.import_data')}"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_guard")]
    operations = [
        protect("accounts_draft", select=MINE_OR_OLD, insert=MINE, update=MINE, delete=MINE_OR_OLD),
        # Read while somebody signs in, before there is an actor.
        protect(
            "accounts_membership",
            select="true",
            insert=STAFFING,
            update=STAFFING,
            delete=STAFFING,
            needs_actor=False,
        ),
    ]
