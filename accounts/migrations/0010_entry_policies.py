"""Who lets whom in: how one signs in is written by oneself, at the door, or by whoever manages staff. Decision 0006."""

from django.db import migrations

from core.rls import belongs_to_school, holds, is_system, protect, read_only, settled

DOOR = """
SET LOCAL ROLE waymark_definer;
-- That nobody acts, and that our own code says so: a transaction whose actor was taken away is not at the door.
CREATE FUNCTION guard.at_door() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  token text := current_setting('waymark.door', true);
  part text[] := string_to_array(token, '|');
  message bytea := convert_to(left(token, -65), 'UTF8');
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') <> '' OR coalesce(token, '') = '' THEN
    RETURN false;
  END IF;
  RETURN cardinality(part) = 3 AND part[1] = 'door'
     AND abs(extract(epoch FROM clock_timestamp()) - part[2]::double precision) <= 3600
     AND EXISTS (SELECT FROM guard.actor_key k
                  WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || message)), 'hex') = part[3]);
END $$;
GRANT EXECUTE ON FUNCTION guard.at_door() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""
DOOR_UNDO = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.at_door();
SET LOCAL ROLE waymark_owner;
"""
# Asked first: while nobody acts, the other questions are errors.
AT_DOOR, ME = "(SELECT guard.at_door())", "(SELECT guard.uid())"
STAFFING = f"({holds('exchange.import_data')} OR {holds('accounts.manage_staff')})"
MY_STAFF = f"(school_id = (SELECT guard.school()) AND {STAFFING})"
OF_MY_STAFF = (
    "(EXISTS (SELECT FROM accounts_user u WHERE u.id = {table}.user_id AND u.school_id = (SELECT guard.school()))"
    f" AND {STAFFING})"
)


def own(table: str, *, select: str = "", job: str = "") -> migrations.RunSQL:
    """Rows that say how a person signs in."""
    condition = f"{AT_DOOR} OR user_id = {ME} OR {OF_MY_STAFF.format(table=table)}"
    condition += f" OR {is_system(job)}" if job else ""
    every = dict.fromkeys(("insert", "update", "delete"), condition)
    return protect(table, select=select or condition, **every, needs_actor=False)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_settled"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunSQL(DOOR, DOOR_UNDO),
        # Names are read by everybody, and addresses before anybody has signed in.
        protect(
            "accounts_user",
            select="true",
            insert=MY_STAFF,
            # Nobody switches an account on, their own or another's, but whoever manages staff.
            update=f"({AT_DOOR} AND is_active) OR (id = {ME} AND is_active) OR {MY_STAFF}",
            needs_actor=False,
        ),
        settled("accounts_user", "school_id", "is_staff"),
        protect(
            "accounts_school",
            select="true",
            update="id = (SELECT guard.school())"
            f" AND ({holds('exchange.import_data')} OR {holds('accounts.change_school')})",
            needs_actor=False,
        ),
        belongs_to_school("accounts_house"),
        # Nothing of ours writes these; migrations do, as the owner.
        read_only("auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations"),
        own("account_emailaddress", select="true"),
        own("mfa_authenticator"),
        # Read while somebody links theirs: whether it is linked to another already.
        own("socialaccount_socialaccount", select="true"),
        own("usersessions_usersession", job="sessions"),
        own("accounts_invitation"),
    ]
