"""Migrations written, and ``check --deploy`` without a word, under the settings of a production machine."""

import os
import sys

from django.core.management import execute_from_command_line

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SITE_URL": "https://vernissage.example.org",
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "VALKEY_URL": "redis://127.0.0.1:1/0",
}


def main() -> None:
    os.environ.update(PRODUCTION)
    execute_from_command_line(["manage.py", "check", "--deploy", "--fail-level", "INFO"])
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- makemigrations warns that it cannot ask the database
    execute_from_command_line(["manage.py", "makemigrations", "--check", "--dry-run"])


if __name__ == "__main__":
    main()
