"""Nobody gives themselves a role that reads the file; who else comes to read it is told to everybody who does.

Roles come with the staff file, which the data manager brings in: an invented colleague would read every child's file
without any lead knowing. A reader's address for signing in is told too, as whoever gets its mails gets in.
"""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.rls import holds, protect

TRIGGER = import_module("safeguarding.sharing.migrations.0002_nobody_left_out").TRIGGER
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

CREATE FUNCTION guard.role_reads_file(asked text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM guard.role_permission p
                  WHERE p.role = asked AND p.permission LIKE 'safeguarding.keep\\_%file')
$$;

-- Whoever reads the file already and has signed in before: not the colleagues who came in the same staff file.
CREATE FUNCTION guard.tell_readers(of_school uuid, who uuid, said text, with_role text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.sharing_readernews (id, school_id, person_id, what, role, by_id, at)
  VALUES (gen_random_uuid(), of_school, who, said, with_role, guard.uid(), transaction_timestamp());
  SELECT guard.alert_lead(u.id) FROM guard.file_keepers() AS k (id)
    JOIN public.accounts_user u ON u.id = k.id AND u.school_id = of_school AND u.last_login IS NOT NULL
   WHERE u.id <> who AND u.id IS DISTINCT FROM guard.uid()
$$;

-- A role for days it did not have before. Cover is another matter (0009): it is arranged, and stands on the desk.
CREATE FUNCTION guard.reader_made() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' OR NOT guard.role_reads_file(NEW.role) OR (TG_OP = 'UPDATE'
     AND (OLD.user_id, OLD.school_id, OLD.role) = (NEW.user_id, NEW.school_id, NEW.role)
     AND (OLD.house_id, OLD.year_group) IS NOT DISTINCT FROM (NEW.house_id, NEW.year_group)
     AND NEW.starts_on >= OLD.starts_on AND (OLD.ends_on IS NULL OR NEW.ends_on <= OLD.ends_on)) THEN
    RETURN NULL;
  END IF;
  IF NEW.user_id = guard.uid() THEN
    RAISE EXCEPTION 'nobody gives themselves a role that reads the safeguarding file' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM guard.tell_readers(NEW.school_id, NEW.user_id, 'role', NEW.role);
  RETURN NULL;
END $$;

CREATE FUNCTION guard.reader_moved() RETURNS trigger {TRIGGER} AS $$
DECLARE held text;
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' OR NEW.id = guard.uid() THEN
    RETURN NULL;
  END IF;
  SELECT m.role INTO held FROM public.accounts_membership m
   WHERE m.user_id = NEW.id AND (m.ends_on IS NULL OR m.ends_on >= guard.this_day()) AND guard.role_reads_file(m.role)
   ORDER BY m.role LIMIT 1;
  IF held IS NOT NULL THEN
    PERFORM guard.tell_readers(NEW.school_id, NEW.id, 'address', held);
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.role_reads_file(text), guard.tell_readers(uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.reader_made(), guard.reader_moved() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.reader_moved(), guard.reader_made(), guard.tell_readers(uuid, uuid, text, text), guard.role_reads_file(text);
SET LOCAL ROLE waymark_owner;
"""
TRIGGERS = """
GRANT INSERT ON sharing_readernews TO waymark_definer;
CREATE POLICY definer_writes ON sharing_readernews FOR INSERT TO waymark_definer WITH CHECK (true);
CREATE TRIGGER reader_made_new AFTER INSERT ON accounts_membership FOR EACH ROW
  WHEN (NEW.stands_in_for_id IS NULL) EXECUTE FUNCTION guard.reader_made();
CREATE TRIGGER reader_made AFTER UPDATE ON accounts_membership FOR EACH ROW
  WHEN (NEW.stands_in_for_id IS NULL AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.reader_made();
CREATE TRIGGER reader_moved AFTER UPDATE OF email ON accounts_user FOR EACH ROW
  WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION guard.reader_moved();
"""
NO_TRIGGERS = """
DROP TRIGGER reader_moved ON accounts_user;
DROP TRIGGER reader_made ON accounts_membership;
DROP TRIGGER reader_made_new ON accounts_membership;
DROP POLICY definer_writes ON sharing_readernews;
REVOKE INSERT ON sharing_readernews FROM waymark_definer;
"""
SEEN = f"school_id = (SELECT guard.school()) AND (SELECT guard.elevated()) AND {holds('safeguarding.open_file')}"
PROTECT = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0009_lead_cover'),
        ('accounts', '0018_chair_of_governors'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReaderNews',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('role', 'came to read it'), ('address', 'signs in with another address')], max_length=7)),
                ('role', models.CharField(max_length=30)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, to=settings.AUTH_USER_MODEL, **PROTECT)),
                ('person', models.ForeignKey(to=settings.AUTH_USER_MODEL, **PROTECT)),
                ('school', models.ForeignKey(to='accounts.school', **PROTECT)),
            ],
            options={'indexes': [models.Index(fields=['school', '-at'], name='reader_news_lately')]},
        ),
        protect("sharing_readernews", select=SEEN),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
