"""Rights holders, and how their own programs sign in."""

import re
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.terms import OnMatch, Terms, share_has_a_percentage, wish_is_known

# Below these lengths a name is also an everyday word. Hangul and Han write a name in two or three signs.
SHORTEST_NAME, SHORTEST_EAST_ASIAN_NAME = 5, 2


class ArtistQuerySet(models.QuerySet["Artist"]):
    def named_in(self, text: str) -> list["Artist"]:
        """Artists whose name, or another name they go by, stands in ``text`` as words of its own."""
        text = text.casefold()
        rows = self.values_list("pk", "name", "aliases").iterator(chunk_size=10_000)
        named = [pk for pk, name, aliases in rows if stands_in(text, [name, *aliases.split(",")])]
        return list(self.filter(pk__in=named))


def stands_in(text: str, names: Iterable[str]) -> bool:
    return any(_is_named(text, name.strip().casefold()) for name in names)


def _is_named(text: str, name: str) -> bool:
    """Whether ``name`` stands in ``text``. Korean particles may follow a name directly, other letters not."""
    east_asian = any(ord(letter) >= 0x2E80 for letter in name)
    if len(name) < (SHORTEST_EAST_ASIAN_NAME if east_asian else SHORTEST_NAME) or name not in text:
        return False
    return re.search(rf"(?<!\w){re.escape(name)}" + ("" if east_asian else r"(?!\w)"), text) is not None


class Keeps(models.TextChoices):
    """What stays of a work once it was read."""

    EVERYTHING = "everything", _("The file I send, and copies for those who judge")
    MATCHING = "matching", _("Only what matching needs: vector, hash, features and a thumbnail")


class Artist(Terms):
    """A rights holder. Imported artists have no ``owner`` until somebody claims the name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="artists", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=200)
    aliases = models.CharField(_("other names"), max_length=500, blank=True)
    biography = models.TextField(_("about"), blank=True, max_length=5000)
    website = models.URLField(_("website"), blank=True)
    on_match = models.CharField(
        _("what a match should do"), max_length=24, choices=OnMatch.choices, default=OnMatch.BLOCK
    )
    keeps = models.CharField(
        _("what is kept of a work"), max_length=16, choices=Keeps.choices, default=Keeps.EVERYTHING
    )
    # A listing of works that belong to nobody any more: they hold nothing, and who registers one is told.
    public_domain = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    objects = ArtistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(owner=None), name="one_ownerless_artist_a_name"
            ),
            wish_is_known("artist_wish_known", may_follow=False),
            share_has_a_percentage("artist_share_has_a_percentage"),
            models.CheckConstraint(condition=Q(keeps__in=Keeps.values), name="artist_keeps_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """By which an artist's own program registers works. Only its digest is stored; it is shown once."""

    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex: the secret is 32 random bytes
    start = models.CharField(max_length=12)  # its first letters, so that a person knows which one it is
    created = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"
