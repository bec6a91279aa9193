"""Who stands in for whoever leads on safeguarding: a deputy of the whole school, or a leader in the headteacher's word.

Until here anybody who works at the school could be named (groups 0010), and read every file. KCSIE, annex C: deputies
are trained to the same standard; the lead responsibility is not delegated. Nobody stands in for the chair of governors,
to whom goes what is said of the headteacher, who may arrange cover.
"""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.encryption
from core.rls import protect

POLICIES = import_module("safeguarding.migrations.0003_policies")
NOBODY = import_module("safeguarding.sharing.migrations.0002_nobody_left_out")
PINNED, TRIGGER, ME = import_module("safeguarding.migrations.0002_who_reads").PINNED, NOBODY.TRIGGER, POLICIES.ME
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;

-- Words of the headteacher for colleagues of the actor's school, for those who read the file.
CREATE FUNCTION guard.cover_words_seen() RETURNS SETOF uuid LANGUAGE plpgsql {PINNED} AS $$
BEGIN
  IF guard.elevated() AND guard.holds('safeguarding.open_file') THEN
    RETURN QUERY SELECT w.id FROM public.sharing_coverword w
      JOIN public.accounts_user u ON u.id = w.person_id AND u.school_id = guard.school();
  END IF;
END $$;

-- For a leader who works there all these days, a year at most; nobody for themselves, nor for another's lead.
CREATE FUNCTION guard.cover_word_sound() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' THEN
    RETURN NULL;
  END IF;
  IF NEW.ends_on NOT BETWEEN NEW.starts_on AND NEW.starts_on + 400 OR NEW.person_id IN (NEW.away_id, NEW.confirmed_by_id)
     OR octet_length(NEW.words) < 53 OR NOT guard.leads_between(NEW.person_id, NEW.starts_on, NEW.ends_on)
     OR NOT EXISTS (SELECT FROM public.accounts_user a WHERE a.id = NEW.away_id AND a.school_id = guard.school())
     OR NOT EXISTS (SELECT FROM public.accounts_user p WHERE p.id = NEW.person_id AND p.school_id = guard.school()) THEN
    RAISE EXCEPTION 'confirmed in writing, of a leader of the school, for days on which they are one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- Of the leadership, or a deputy of any part of the school, in a role of their own, all these days.
CREATE FUNCTION guard.leads_between(who uuid, first date, last date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM public.accounts_membership m JOIN public.accounts_user u ON u.id = m.user_id
    WHERE m.user_id = who AND m.school_id = u.school_id AND m.stands_in_for_id IS NULL
      AND m.role IN ('senior_leader', 'deputy_dsl', 'dsl')
      AND m.starts_on <= first AND (m.ends_on IS NULL OR m.ends_on >= last))
$$;

-- Who stands in for a lead: a deputy of the whole school, or whom the headteacher confirmed. That it ends earlier asks nothing.
CREATE FUNCTION guard.lead_covered() RETURNS trigger {TRIGGER} AS $$
BEGIN
  IF coalesce(current_setting('waymark.actor', true), '') = '' OR (TG_OP = 'UPDATE'
     AND (OLD.user_id, OLD.role, OLD.stands_in_for_id) = (NEW.user_id, NEW.role, NEW.stands_in_for_id)
     AND NEW.starts_on >= OLD.starts_on AND NEW.ends_on <= OLD.ends_on) THEN
    RETURN NULL;
  END IF;
  IF NEW.role = 'chair' THEN
    RAISE EXCEPTION 'nobody stands in for the chair of governors' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM public.accounts_membership m
       WHERE m.user_id = NEW.user_id AND m.school_id = NEW.school_id AND m.stands_in_for_id IS NULL
         AND m.role IN ('dsl', 'deputy_dsl') AND m.house_id IS NULL AND m.year_group IS NULL
         AND m.starts_on <= NEW.starts_on AND (m.ends_on IS NULL OR m.ends_on >= NEW.ends_on))
     AND NOT (guard.leads_between(NEW.user_id, NEW.starts_on, NEW.ends_on) AND EXISTS (
       SELECT FROM public.sharing_coverword w JOIN public.accounts_membership t ON t.id = NEW.stands_in_for_id
        WHERE w.person_id = NEW.user_id AND w.away_id = t.user_id
          AND w.starts_on <= NEW.starts_on AND w.ends_on >= NEW.ends_on)) THEN
    RAISE EXCEPTION 'a deputy of the whole school stands in for a lead, or whom the headteacher confirmed'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.leads_between(uuid, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.cover_words_seen(), guard.cover_word_sound(), guard.lead_covered() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
"""  # noqa: S608 (our own text)
NO_FUNCTIONS = """
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.lead_covered(), guard.cover_word_sound(), guard.leads_between(uuid, date, date), guard.cover_words_seen();
SET LOCAL ROLE waymark_owner;
"""
LEAD = "NEW.stands_in_for_id IS NOT NULL AND NEW.role IN ('dsl', 'deputy_dsl', 'chair')"
# `glass_stands` refuses every change of a row that stands as it is (0008).
TRIGGERS = f"""
CREATE TRIGGER cover_word_sound AFTER INSERT ON sharing_coverword
  FOR EACH ROW EXECUTE FUNCTION guard.cover_word_sound();
CREATE TRIGGER word_stands AFTER UPDATE ON sharing_coverword FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.glass_stands();
CREATE TRIGGER lead_covered_new AFTER INSERT ON accounts_membership FOR EACH ROW
  WHEN ({LEAD}) EXECUTE FUNCTION guard.lead_covered();
CREATE TRIGGER lead_covered AFTER UPDATE ON accounts_membership FOR EACH ROW
  WHEN ({LEAD} AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard.lead_covered();
"""
NO_TRIGGERS = """
DROP TRIGGER lead_covered ON accounts_membership;
DROP TRIGGER lead_covered_new ON accounts_membership;
DROP TRIGGER word_stands ON sharing_coverword;
DROP TRIGGER cover_word_sound ON sharing_coverword;
"""
CONFIRMS = f"""confirmed_by_id = {ME} AND (SELECT guard.elevated()) AND (SELECT guard.holds('safeguarding.keep_staff_file'))"""
USER = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0008_who_broke_glass'),
        ('groups', '0014_cover_ends_with_the_role'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CoverWord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('confirmed_at', models.DateTimeField(auto_now_add=True)),
                ('words', core.encryption.SealedField()),
                ('away', models.ForeignKey(**USER)),
                ('confirmed_by', models.ForeignKey(**USER)),
                ('person', models.ForeignKey(**USER)),
            ],
            options={'abstract': False},
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        protect("sharing_coverword", select=f"{ME} IN (away_id, person_id) OR id IN (SELECT guard.cover_words_seen())", insert=CONFIRMS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
