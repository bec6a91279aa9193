"""Files that come with what somebody writes. An attachment belongs to an entry of the same transaction, by the same hand."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.rls import protect

POLICIES = import_module("safeguarding.migrations.0003_policies")
TOGETHER = """
-- Sealed bytes do not get smaller.
ALTER TABLE safeguarding_attachment ALTER COLUMN content SET STORAGE EXTERNAL;
SET LOCAL ROLE waymark_definer;
-- A file stands with what it came with: never put to something that was there before, nor to another's words.
CREATE FUNCTION guard.attachment_with_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') <> '' AND NOT EXISTS (
    SELECT FROM public.safeguarding_entry e WHERE e.id = NEW.entry_id AND e.concern_id = NEW.concern_id
       AND e.author_id = NEW.added_by_id AND e.written_at = transaction_timestamp()) THEN
    RAISE EXCEPTION 'a file comes with its entry' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION guard.attachment_with_entry() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER attachment_with_entry AFTER INSERT ON safeguarding_attachment
  FOR EACH ROW EXECUTE FUNCTION guard.attachment_with_entry();
"""
NOT_TOGETHER = """
DROP TRIGGER attachment_with_entry ON safeguarding_attachment;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.attachment_with_entry();
SET LOCAL ROLE waymark_owner;
ALTER TABLE safeguarding_attachment ALTER COLUMN content SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('safeguarding', '0008_kinds_of_the_case'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('about', models.BinaryField()),
                ('content', models.BinaryField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='safeguarding.concern')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='safeguarding.entry')),
            ],
            options={
                'abstract': False,
            },
        ),
        protect(
            "safeguarding_attachment",
            select=POLICIES.in_file(),
            insert=f"added_by_id = {POLICIES.ME} AND ({POLICIES.RAISED_NOW} OR {POLICIES.in_file()})",
        ),
        migrations.RunSQL(*(part.format(table="safeguarding_attachment") for part in POLICIES.ONLY_OPENED)),
        migrations.RunSQL(TOGETHER, NOT_TOGETHER),
    ]
