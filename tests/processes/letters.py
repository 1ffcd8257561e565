"""The letters that a site without a mail server writes to files."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

END_OF_LETTER = "-" * 79 + "\n"  # as Django's file backend writes it


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str


def read(folder: Path) -> list[Letter]:
    """All letters in ``folder``, the oldest file first."""
    files = sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime) if folder.is_dir() else []
    written = "".join(path.read_text() for path in files).split(END_OF_LETTER)
    return [_letter(source) for source in written if source.strip()]


def _letter(source: str) -> Letter:
    message = email.message_from_string(source, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Letter(str(message["To"]), str(message["Subject"]), str(body.get_content()) if body else "")
