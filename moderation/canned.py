"""Texts for reasons: the house's own, and those that a contest keeps instead or besides.

A text is put into a decision in the language of the entrant, who will read it; the reviewer still changes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.models import CannedReason, Ground
from moderation.verdicts import Route
from submissions.models import Contest, User


@dataclass(frozen=True)
class Ready:
    """A text that comes with the product."""

    name: Promise
    route: Route
    text: Promise
    ground: str = ""

    def written_in(self, language: str) -> str:
        with translation.override(language):
            return str(self.text)


READY: Mapping[str, Ready] = {
    "human": Ready(
        _("By hand, as stated"),
        Route.HUMAN,
        _(
            "We looked at the picture, at what the file says of itself and at your statement. They agree, so "
            "the work hangs in the human category."
        ),
    ),
    "ai": Ready(
        _("Made with AI"),
        Route.AI,
        _(
            "Your statement or the file says that a generator made the picture or a part of it. By the rules "
            "of this contest such works hang in the AI category."
        ),
    ),
    "ai_apart": Ready(
        _("Made with AI, training data not cleared"),
        Route.AI_APART,
        _(
            "The work was made with a model whose training data, as far as it is known, was not cleared with "
            "those who made it. By the rules of this contest it hangs in the AI category under that label."
        ),
    ),
    "copy": Ready(
        _("Repeats a protected work"),
        Route.REJECT,
        _(
            "A part of the picture repeats a registered work whose maker has not allowed it here. The "
            "entry's page shows you the part. If you have permission, or the work is yours, tell us."
        ),
        Ground.COPY,
    ),
    "statement": Ready(
        _("Statement and evidence disagree"),
        Route.REJECT,
        _(
            "What the form says of how the work was made and what the file shows cannot both be true, and we "
            "could not clear it up with what was handed in."
        ),
        Ground.STATEMENT,
    ),
    "rules": Ready(
        _("Against another rule"),
        Route.REJECT,
        _("The work breaks a rule of this contest that has nothing to do with how it was made: "),
        Ground.RULES,
    ),
}


@dataclass(frozen=True)
class Text:
    """A text as pages offer it: a ready one, or a contest's own."""

    key: str  # in forms: the name of a ready one, or "own-" and the row's key
    name: str
    route: str
    ground: str
    text_en: str
    text_ko: str
    own: CannedReason | None = None

    def in_language(self, language: str) -> str:
        return self.text_ko if language == "ko" else self.text_en


def texts(contest: Contest) -> list[Text]:
    """What is in use in ``contest``, in the order of the decisions."""
    rows = list(CannedReason.objects.filter(contest=contest).order_by("pk"))
    replaced = {row.instead_of for row in rows if row.instead_of}
    found = [*_ready(replaced), *(_own(row) for row in rows if row.retired_at is None)]
    order = list(Route)
    return sorted(found, key=lambda text: order.index(Route(text.route)))


def text(contest: Contest, key: str) -> Text | None:
    return next((one for one in texts(contest) if one.key == key), None)


def insert(contest: Contest, key: str, *, into: str, language: str) -> str:
    """``into``, with the text that ``key`` names below what is written there already."""
    chosen = text(contest, key)
    if chosen is None:
        return into
    return "\n\n".join(filter(None, [into.strip(), chosen.in_language(language)]))


def _ready(replaced: set[str]) -> Iterator[Text]:
    for key, ready in READY.items():
        if key not in replaced:
            yield Text(
                key=key,
                name=str(ready.name),
                route=ready.route,
                ground=ready.ground,
                text_en=ready.written_in("en"),
                text_ko=ready.written_in("ko"),
            )


def _own(row: CannedReason) -> Text:
    return Text(f"own-{row.pk}", row.name, row.route, row.ground, row.text_en, row.text_ko, row)


@transaction.atomic
def keep(contest: Contest, written: Mapping[str, str], *, by: User, key: str = "") -> CannedReason:
    """Add a text, or change the one that ``key`` names; a changed ready one becomes the contest's own."""
    chosen = text(contest, key) if key else None
    row = chosen.own if chosen and chosen.own else CannedReason(contest=contest)
    if chosen and chosen.own is None:
        row.instead_of = chosen.key
    for name, value in written.items():
        setattr(row, name, value)
    row.by = by
    row.save()
    return row


@transaction.atomic
def retire(contest: Contest, key: str, *, by: User) -> bool:
    """Offer a text no longer; false where there is none. Decisions that used it keep their words."""
    chosen = text(contest, key)
    if chosen is None:
        return False
    row = chosen.own or CannedReason(
        contest=contest,
        name=chosen.name,
        route=chosen.route,
        ground=chosen.ground,
        text_en=chosen.text_en,
        text_ko=chosen.text_ko,
        instead_of=chosen.key,
    )
    row.by, row.retired_at = by, timezone.now()
    row.save()
    return True


def retired(contest: Contest) -> list[CannedReason]:
    return list(CannedReason.objects.filter(contest=contest).exclude(retired_at=None).order_by("pk"))


def bring_back(contest: Contest, pk: int, *, by: User) -> bool:
    """Offer a retired text again."""
    rows = CannedReason.objects.filter(contest=contest, pk=pk).exclude(retired_at=None)
    return bool(rows.update(retired_at=None, by=by))
