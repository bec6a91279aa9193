"""Each lead answers a handover for themselves, and once for each time it is handed on (sharing.models.HandoverAnswer)."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.rls import as_before

BEFORE = import_module("safeguarding.sharing.migrations.0013_who_answers_handovers")
WAS = as_before(BEFORE.FUNCTIONS, "handovers_to_answer"), as_before(BEFORE.FUNCTIONS, "handover_answer_dated")
OLD = """a.handover_id = h.id AND a.answered_at::date >= h.handed_on
            AND (a.person_id = me OR h.student_id NOT IN (SELECT guard.children_kept_from(a.person_id)))"""
NEW = """a.handover_id = h.id AND a.person_id = me AND a.handed_on = h.handed_on
            AND a.to_id IS NOT DISTINCT FROM h.to_id"""
DATED = "NEW.answered_at := guard.this_moment(NEW.answered_at);"
NOTED = f"""{DATED}
  SELECT h.handed_on, h.to_id INTO NEW.handed_on, NEW.to_id
    FROM public.handover_handover h WHERE h.id = NEW.handover_id;"""  # noqa: S608 (our own text)
assert OLD in WAS[0]  # noqa: S101 (else nothing would change)
assert DATED in WAS[1]  # noqa: S101


def _as_definer(functions: tuple[str, str]) -> str:
    return f"SET LOCAL ROLE waymark_definer; {functions[0]} {functions[1]} SET LOCAL ROLE waymark_owner;"


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0013_who_answers_handovers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("handoveranswer", "handed_on", models.DateField(editable=False, null=True)),
        migrations.AddField(
            "handoveranswer",
            "to",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            _as_definer((WAS[0].replace(OLD, NEW), WAS[1].replace(DATED, NOTED))), _as_definer(WAS)
        ),
    ]
