"""Whose it is: artists named in prompts, authors named in the file."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from matching.models import Artist
from matching.models.artists import stands_in
from matching.registry.guards import YEARS_PROTECTED, long_dead
from moderation.checks.statement.rule import Said, Severity, rule
from moderation.checks.statement.seen import Seen
from moderation.verdicts import Lane


@rule(Severity.DOUBT, Lane.PROVENANCE)
def prompt_names_artist(seen: Seen) -> Iterator[Said]:
    """A prompt, stated or found in the file, names an artist of the registry.

    Not oneself, and nobody whose works are listed as public domain or who is known to be long dead.
    """
    prompts = [seen.disclosure.prompts]
    prompts += [prompt for finding in seen.findings("traces") for prompt in finding.data.get("prompts", ())]
    text = " ".join(prompts)
    if not text.strip():
        return
    living = Artist.objects.filter(public_domain=False).exclude(owner=seen.look.entry.entrant)
    for artist in living.named_in(text):
        if not _is_long_dead(artist):
            yield Said(data={"artist": artist.name})


def _is_long_dead(artist: Artist) -> bool:
    """Whether an ownerless profile bears the name of somebody whose works are free."""
    if artist.owner_id:
        return False
    said = f"{artist.name} \n {artist.aliases}".casefold()
    year = timezone.now().year - YEARS_PROTECTED
    return any(one.died < year and stands_in(said, [one.name, *one.also]) for one in long_dead())


@rule(Severity.NOTE)
def another_author_in_the_file(seen: Seen) -> Iterator[Said]:
    """The file's metadata name an author who is none of the entrant's names.

    Pen names, studios, borrowed cameras and another alphabet are the rule rather than the exception.
    """
    for artwork in seen.look.artworks:
        author = seen.capture(artwork).author
        if author and not _is_entrant(seen, author):
            yield Said(artwork.pk, {"author": author})


def _is_entrant(seen: Seen, author: str) -> bool:
    """Whether any name of the entrant's shares a word with ``author``, or is written in another script."""
    person = seen.look.entry.entrant
    own = Artist.objects.filter(Q(owner=person)).values_list("name", "aliases")
    names = [person.display_name, seen.disclosure.attested_name, person.email.split("@")[0]]
    names += [name for pair in own for name in pair]
    words = {word for name in names for word in _words(name)}
    theirs = set(_words(author))
    if not theirs or not words:
        return True
    same_script = any(word.isascii() for word in theirs) == any(word.isascii() for word in words)
    return not same_script or bool(words & theirs)


def _words(name: str) -> list[str]:
    return [word for word in name.casefold().replace(",", " ").replace(".", " ").split() if len(word) > 1]
