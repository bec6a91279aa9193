#!/usr/bin/env python
"""Runs a management command; starts the embedded servers first where no DATABASE_URL is named."""

import os
import sys

from scripts import embedded

OF_THE_SEALER = ("seal_audit", "anchor_audit", "verify_audit")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    embedded.ensure_environment()
    if sys.argv[1:2] and sys.argv[1] in OF_THE_SEALER:
        os.environ |= embedded.as_sealer()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
