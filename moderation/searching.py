"""What a case is found by, and finding it: columns of the case itself, so that no search opens another table.

``Case.words`` holds the title, the tools that the entrant names, the artists whose works were seen in the
pictures and the one whose claim is to be decided; ``Case.entrant_words`` the entrant's name, which is never
read where reviewers are to see none.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from matching.models import Artist
from moderation import impressions, wording
from moderation.models import Case, CaseQuerySet, CheckResult, Claim, ReviewSettings, Sighting, Verdict
from moderation.verdicts import Lane, Outcome
from submissions.models import DisclosedTool, Entry, User
from submissions.wording import tool_name

SPEAKING = (Outcome.FLAG, Outcome.UNKNOWN)
MOST_WORDS = 8  # of a search; what comes after them narrows nothing


def fold(text: str) -> str:
    """``text`` as it is compared: one form of every letter, small, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words(title: str, tools: Iterable[DisclosedTool], artists: Iterable[str]) -> str:
    """What ``Case.words`` holds. A tool is found by the catalogue's name and by the entrant's own words."""
    named = [name for tool in tools for name in (tool_name(tool), tool.model_words, tool.model)]
    return fold(" \n ".join(dict.fromkeys([title, *named, *artists])))


def codes(spoken: Iterable[str], reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """What ``Case.codes`` holds: the codes of findings that speak, and of what the verdict made of them."""
    concluded = [code for reason in reasons for code in (reason["rule"], *reason["codes"])]
    return list(dict.fromkeys([*spoken, *concluded]))


def found_by(entry: Entry, verdict: Verdict, claim: Claim | None = None) -> dict[str, Any]:
    """The columns that search and filters read of a case about ``entry``, as ``verdict`` left it, and of the
    ``claim`` on it where that is what is to be decided."""
    speaking = CheckResult.objects.filter(screening=verdict.screening_id, outcome__in=SPEAKING)
    spoken = list(speaking.values_list("lane", "code"))
    return {
        "lanes": sorted({lane for lane, _code in spoken}),
        "codes": codes((code for _lane, code in spoken), verdict.reasons),
        "words": _words_of(entry, verdict, claim),
        "entrant_words": fold(str(entry.entrant)),
    }


def _words_of(entry: Entry, verdict: Verdict, claim: Claim | None) -> str:
    tools = DisclosedTool.objects.filter(disclosure=verdict.screening.disclosure_id)
    seen = Sighting.objects.filter(artwork__entry=entry).values("work__artist")
    claiming = [claim.artist_id] if claim else []
    artists = Artist.objects.filter(Q(pk__in=seen) | Q(pk__in=claiming))
    return words(entry.title, tools, artists.order_by("pk").values_list("name", flat=True))


def renew(cases: CaseQuerySet) -> None:
    """Write the words of ``cases`` anew: an artist was seen in their pictures, or is called otherwise."""
    for case in cases.select_related("entry", "verdict__screening", "claim"):
        said = _words_of(case.entry, case.verdict, case.claim)
        Case.objects.filter(pk=case.pk).update(words=said)


def cases_with(artist: Artist) -> CaseQuerySet:
    """Cases about entries in whose pictures works of ``artist`` were seen, and about the artist's claims."""
    seen = Sighting.objects.filter(work__artist=artist).order_by().values("artwork__entry")
    return Case.objects.filter(Q(entry__in=seen) | Q(claim__in=Claim.objects.filter(artist=artist)))


def rename(entrant: User) -> None:
    """The open cases about entries of ``entrant`` are found by the name they have now."""
    Case.objects.open().filter(entry__entrant=entrant).update(entrant_words=fold(str(entrant)))


def matching(cases: CaseQuerySet, text: str, *, reader: User) -> CaseQuerySet:
    """Those of ``cases`` in which every word of ``text`` is found somewhere, and ``reader`` may find it."""
    for word in fold(text).split()[:MOST_WORDS]:
        cases = cases.filter(_holds(word, reader))
    return cases


def _holds(word: str, reader: User) -> Q:
    nameless = ReviewSettings.objects.filter(blind=True).values("contest")
    named = Q(entrant_words__contains=word) & ~Q(contest__in=nameless)
    saying = [code for code in wording.CODES if word in code or word in fold(wording.title(code))]
    estimates = [code for code in saying if code.startswith(f"{Lane.SYNTHETIC}.")]
    others = [code for code in saying if code not in estimates]
    found = Q(words__contains=word) | named | Q(codes__overlap=others)
    return found | Q(codes__overlap=estimates) & impressions.unveiled(reader) if estimates else found
