"""A contest's rules at the terminal: ``manage.py policy show|check|replay``."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation import wording
from moderation.contests import NoSuchRules, find_rules
from moderation.flips import Outcome, Report
from moderation.replay import replay
from moderation.wording import labels
from moderation.wording import rules as rules_wording
from submissions.models import Contest
from submissions.reading import reading
from submissions.rules import PRESETS, InvalidRules, Rules, as_toml, parse

RULES_HELP = (
    f"a file in TOML, a ready set ({', '.join(PRESETS)}), the number of one of the contest's versions, "
    "CONTEST:NUMBER of another contest, CONTEST: for what is in force there, or draft"
)


class Command(BaseCommand):
    help = "Show rules, check a document, or judge a contest's entries again by other rules. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        show = commands.add_parser("show", help="print rules as a document, or in plain words")
        show.add_argument("--policy", default="", metavar="P", help=f"{RULES_HELP}; default: in force")
        show.add_argument("--contest", default="", metavar="C", help="a contest's address (slug)")
        show.add_argument("--words", action="store_true", help="in plain words")
        check = commands.add_parser("check", help="say what is wrong with a document, line by line")
        check.add_argument("file", type=Path, metavar="FILE")
        again = commands.add_parser("replay", help="judge stored findings again, and list what flips")
        again.add_argument("--policy", required=True, metavar="P", help=RULES_HELP)
        again.add_argument("--contest", required=True, metavar="C", help="a contest's address (slug)")
        again.add_argument("--json", action="store_true", help="one JSON object instead of tables")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = {"show": _show, "check": _check, "replay": _replay}[options["command"]](options)
        for line in lines:
            self.stdout.write(line)


def _show(options: dict[str, Any]) -> Iterator[str]:
    contest = _contest(options["contest"]) if options["contest"] else None
    if not options["policy"] and contest is None:
        raise CommandError("Say which rules: --policy, --contest or both.")
    if not options["policy"] and contest is not None and not options["words"]:
        yield contest.policy.toml.rstrip()
        return
    rules = _rules(options["policy"], contest) if options["policy"] or not contest else contest.policy.rules
    if not options["words"]:
        yield as_toml(rules).rstrip()
        return
    for chapter in reading(rules):
        yield f"\n{chapter.title}"
        for clause in chapter.clauses:
            yield f"  {clause.about}: {clause.then}"


def _check(options: dict[str, Any]) -> Iterator[str]:
    _read(options["file"])
    yield f"{options['file']}: these rules can be applied."


def _replay(options: dict[str, Any]) -> Iterator[str]:
    contest = _contest(options["contest"])
    report = replay(contest, _rules(options["policy"], contest))
    if options["json"]:
        yield json.dumps(report.as_json(), ensure_ascii=False)
    else:
        yield from _tables(report)


def _contest(slug: str) -> Contest:
    found = Contest.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no contest {slug}.")
    return found


def _rules(name: str, contest: Contest | None) -> Rules:
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return _read(path)
    try:
        return find_rules(name, contest)
    except NoSuchRules as error:
        raise CommandError(f"There are no rules called {name}. Possible: {RULES_HELP}.") from error


def _read(path: Path) -> Rules:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    except InvalidRules as invalid:
        said = "\n".join(rules_wording.problem(one) for one in invalid.problems)
        raise CommandError(f"{path}:\n{said}") from invalid


def _tables(report: Report) -> Iterator[str]:
    yield f"{report.judged} entries judged again, {len(report.flips)} would be treated otherwise."
    for was, now, count in report.routes:
        yield f"  {_said(was)} -> {_said(now)}: {count}"
    if not report.flips:
        return
    yield "By lane"
    for lane, count in report.lanes:
        yield f"  {labels.label(labels.LANES, lane)}: {count}"
    yield "By medium"
    for medium, count in report.media:
        yield f"  {labels.label(labels.MEDIUMS, medium) if medium else 'not known'}: {count}"
    yield "Entries"
    for flip in report.flips:
        because = ", ".join(wording.title(rule) for rule in flip.rules)
        yield f"  {flip.entry} {flip.title}: {_said(flip.was)} -> {_said(flip.now)} ({because})"


def _said(outcome: Outcome) -> str:
    asked = f" (consider: {labels.label(labels.ROUTES, outcome.proposal)})" if outcome.proposal else ""
    return labels.label(labels.ROUTES, outcome.route) + asked
