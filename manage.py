#!/usr/bin/env python
"""Commands for people and scripts.

Where no database is configured, the embedded one runs for as long as the command.
"""

import os
import sys

WITHOUT_DATABASE = {
    "detector",
    "inspect",
    "weights",
    "trust",
    "check",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "help",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings  # noqa: PLC0415 -- the settings module is named just above
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    from config import services  # noqa: PLC0415

    if len(sys.argv) < 2 or sys.argv[1] in WITHOUT_DATABASE:
        execute_from_command_line(sys.argv)
        return
    try:
        with services.kept(services.Places.of(settings)):
            execute_from_command_line(sys.argv)
    except services.ServiceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
