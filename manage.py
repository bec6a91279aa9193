#!/usr/bin/env python
"""Runs a management command; starts the embedded servers first where no DATABASE_URL is named."""

import os
import sys

from scripts import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    embedded.ensure_environment()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
