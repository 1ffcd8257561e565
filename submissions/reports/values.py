"""Lines of a report."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Row:
    """One question and its answer; an empty answer is unknown, which every report may say."""

    key: str
    question: Promise | str
    answer: str

    @property
    def words(self) -> str:
        return self.answer or _("unknown")

    @property
    def value(self) -> str:
        return self.answer or UNKNOWN
