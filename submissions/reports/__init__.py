"""One statement, three reports: for the US Copyright Office, by the EU AI Act, by California's AB 2013.

Each is built from a signed statement and nothing else; what was not told is "unknown". They repeat what an
entrant said, in the form that an office or a law asks for, and judge nothing.
"""

from typing import Any

from submissions.models import Disclosure
from submissions.reports.article50 import Article50
from submissions.reports.copyright import CopyrightStatement
from submissions.reports.training import TrainingSheet, training_sheets
from submissions.reports.values import Row

__all__ = ["Article50", "CopyrightStatement", "Row", "TrainingSheet", "as_json", "training_sheets"]

FORMAT = "vernissage-disclosure-reports/1"


def as_json(disclosure: Disclosure) -> dict[str, Any]:
    """All three; names of fields and codes are fixed, sentences are in the active language."""
    return {
        "format": FORMAT,
        "entry": str(disclosure.entry.public_id),
        "title": disclosure.entry.title,
        "statement_version": disclosure.version,
        "signed_at": disclosure.attested_at.isoformat() if disclosure.attested_at else None,
        "attestation_sha256": disclosure.attestation_sha256,
        "us_copyright_office": CopyrightStatement(disclosure).as_json(),
        "eu_ai_act_article_50": Article50(disclosure).as_json(),
        "california_ab_2013": [sheet.as_json() for sheet in training_sheets(disclosure)],
    }
