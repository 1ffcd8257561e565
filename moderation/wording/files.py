"""Words about the file itself, about earlier entries, and about checks that broke off."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

FILES: Mapping[str, Words] = {
    "file.readable": Words(
        _("File can be read"),
        (_("The file can be read."),),
        (
            _("The file can be read to its end: %(media_type)s, %(width)s × %(height)s pixels."),
            _("The file can be read to its end."),
        ),
    ),
    "file.not_a_picture": Words(
        _("Not a picture"),
        (_("The file is not a picture of a kind that this site can read, so a person looks at it."),),
        (_("The file is not a picture of a kind that this site can read."),),
    ),
    "file.too_large": Words(
        _("Picture too large to read"),
        (_("The picture is larger than the checks can read, so a person looks at it."),),
        (_("The picture is larger than the checks may read."),),
    ),
    "file.damaged": Words(
        _("Damaged file"),
        (_("The file is damaged or cut off and could not be read to its end, so a person looks at it."),),
        (_("The file is damaged or cut off: it cannot be read to its end."),),
    ),
    "duplicate.none": Words(
        _("Not entered before"),
        (_("This picture was not entered before."),),
        (_("No earlier entry has the same file or the same picture."),),
    ),
    "duplicate.too_plain": Words(
        _("Too plain to compare"),
        (_("The picture is so plain that it cannot be told from other plain pictures."),),
        (_("The picture is so plain that its hash is shared by many others; it was not compared by sight."),),
    ),
    "duplicate.not_compared": Words(
        _("Not compared with earlier entries"),
        (_("The picture could not be compared with earlier entries, so a person looks at it."),),
        (
            _(
                "The picture could not be decoded, or the earlier entries could not be searched, so they "
                "were not compared."
            ),
        ),
    ),
    "duplicate.same_file": Words(
        _("Same file entered before"),
        (_("The same file was handed in before."),),
        (
            _("The same file, byte for byte, was handed in before, %(whose)s, %(where)s."),
            _("The same file, byte for byte, was handed in before."),
        ),
    ),
    "duplicate.same_picture": Words(
        _("Same picture entered before"),
        (_("A picture that looks the same was handed in before."),),
        (
            _(
                "A picture that looks the same was handed in before, %(whose)s, %(where)s: %(bits)s of 256 "
                "bits of the hash differ."
            ),
            _("A picture that looks the same was handed in before."),
        ),
    ),
    "check.failed": Words(
        _("A check could not be finished"),
        (
            _(
                "One of the checks could not be finished (%(check)s). That says nothing about your work; a "
                "person looks at it."
            ),
            _(
                "One of the checks could not be finished. That says nothing about your work; a person looks "
                "at it."
            ),
        ),
        (
            _("The check “%(check)s” broke off with %(problem)s and says nothing about this entry."),
            _("A check broke off and says nothing about this entry."),
        ),
    ),
    "check.gave_up": Words(
        _("A check gave up"),
        (
            _(
                "One of the checks could not be finished (%(check)s), though it was tried twice. That says "
                "nothing about your work; a person looks at it."
            ),
            _(
                "One of the checks could not be finished, though it was tried twice. A person looks at your "
                "work."
            ),
        ),
        (
            _(
                "The check “%(check)s” ended with its process twice: too much memory, too much time, or a "
                "file that stops a decoder. It says nothing about this entry."
            ),
            _("A check ended with its process twice and says nothing about this entry."),
        ),
    ),
}
