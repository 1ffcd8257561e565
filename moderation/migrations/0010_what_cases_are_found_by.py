from typing import Any

from django.db import migrations

from moderation.searching import SPEAKING, codes, fold, words


def describe(apps: Any, schema_editor: Any) -> None:
    """What each open case is found by, as ``moderation.opening`` writes it of new ones."""
    finding = apps.get_model("moderation", "CheckResult")
    tool = apps.get_model("submissions", "DisclosedTool")
    artist = apps.get_model("matching", "Artist")
    waiting = apps.get_model("moderation", "Case").objects.filter(closed_at=None)
    for case in waiting.select_related("entry__entrant", "verdict__screening").iterator():
        entry, screening = case.entry, case.verdict.screening
        found = finding.objects.filter(screening=screening, outcome__in=SPEAKING).order_by("pk")
        spoken = list(found.values_list("lane", "code"))
        tools = tool.objects.filter(disclosure=screening.disclosure_id)
        seen = artist.objects.filter(works__sightings__artwork__entry=entry).order_by("pk")
        case.lanes = sorted({lane for lane, _code in spoken})
        case.codes = codes((code for _lane, code in spoken), case.verdict.reasons)
        case.words = words(entry.title, tools, seen.values_list("name", flat=True))
        case.entrant_words = fold(entry.entrant.display_name or entry.entrant.email.split("@")[0])
        case.save(update_fields=["lanes", "codes", "words", "entrant_words"])


class Migration(migrations.Migration):

    dependencies = [
        ("moderation", "0009_console"),
    ]

    operations = [
        migrations.RunPython(describe, migrations.RunPython.noop),
    ]
