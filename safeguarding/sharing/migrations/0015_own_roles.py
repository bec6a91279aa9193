"""Nobody gives themselves a role, whichever it is: until here only those that read the file were refused (0010).

Roles come by the staff file or by hand; whoever may write them would else see whom they like without a colleague.
Only longer days, another role, person or place are such a gift: what ends or narrows in time stays free. Cover is
another matter (groups 0010).
"""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

NEWS = import_module("safeguarding.sharing.migrations.0010_reader_news")
REPLACED = import_module("safeguarding.sharing.migrations.0002_nobody_left_out").replaced
ANY_ROLE = REPLACED(
    NEWS.FUNCTIONS,
    "reader_made",
    ("= '' OR NOT guard.role_reads_file(NEW.role) OR (TG_OP", "= '' OR (TG_OP"),
    ("a role that reads the safeguarding file'", "a role'"),
    ("  PERFORM guard.tell", "  IF guard.role_reads_file(NEW.role) THEN\n    PERFORM guard.tell"),
    ("NEW.role);\n  RETURN", "NEW.role);\n  END IF;\n  RETURN"),
)
AS_DEFINER = "SET LOCAL ROLE waymark_definer;\n{}\nSET LOCAL ROLE waymark_owner;"


class Migration(migrations.Migration):
    dependencies = [("sharing", "0014_each_lead_answers")]
    operations = [
        migrations.RunSQL(AS_DEFINER.format(ANY_ROLE), AS_DEFINER.format(as_before(NEWS.FUNCTIONS, "reader_made")))
    ]
