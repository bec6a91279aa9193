"""Looks for migrations that would stop a school in the middle of a day: python -m scripts.lint_migrations

Not a Django command, so that the linter need not be among the installed apps of a production server.
"""

import os
import sys

from scripts import embedded
from scripts.embedded.place import PROJECT


def main() -> int:
    embedded.ensure_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    ours = [config.label for config in apps.get_app_configs() if (PROJECT / "/".join(config.name.split("."))).is_dir()]
    linter = MigrationLinter(
        str(PROJECT),
        include_apps=ours,
        no_cache=True,
        # The first migration of an app meets no data.
        ignore_initial_migrations=True,
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
