"""A reader's account that is switched on again is told as a new reader's is (0010)."""

from importlib import import_module

from django.db import migrations

from core.rls import as_before

NEWS = import_module("safeguarding.sharing.migrations.0010_reader_news")
MOVED = as_before(NEWS.FUNCTIONS, "reader_moved")
BACK = MOVED.replace("CREATE OR REPLACE FUNCTION guard.reader_moved", "CREATE FUNCTION guard.reader_back").replace(
    "'address'", "'role'"
)
FUNCTIONS = f"""
SET LOCAL ROLE waymark_definer;
{BACK}
GRANT EXECUTE ON FUNCTION guard.reader_back() TO waymark_web, waymark_owner;
SET LOCAL ROLE waymark_owner;
CREATE TRIGGER reader_back AFTER UPDATE OF is_active ON accounts_user FOR EACH ROW
  WHEN (NEW.is_active AND NOT OLD.is_active) EXECUTE FUNCTION guard.reader_back();
"""
NO_FUNCTIONS = """
DROP TRIGGER reader_back ON accounts_user;
SET LOCAL ROLE waymark_definer;
DROP FUNCTION guard.reader_back();
SET LOCAL ROLE waymark_owner;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0010_reader_news")]
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
