"""Words about copies of protected works, and about signs of generation. Two lanes that never mix."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

COPIES: Mapping[str, Words] = {
    "copy.none": Words(
        _("No copy of a protected work"),
        (_("The picture repeats no work that artists have registered for protection."),),
        (
            _("Compared with %(works)s protected works; none is repeated."),
            _("The picture repeats no protected work."),
        ),
    ),
    "copy.verified": Words(
        _("Copy of a protected work"),
        (
            _("The picture, or a part of it, repeats the registered work “%(reference)s”."),
            _("The picture, or a part of it, repeats a work that is registered for protection."),
        ),
        (
            _(
                "The outlined part repeats “%(reference)s” by %(artist)s, mirrored: %(mirrored_inliers)s "
                "points agree with one movement of the picture."
            ),
            _(
                "The outlined part repeats “%(reference)s” by %(artist)s: %(inliers)s points agree with one "
                "movement of the picture."
            ),
            _(
                "The whole picture repeats “%(reference)s” by %(artist)s: %(pdq)s of 256 bits of the hash "
                "differ."
            ),
            _("The picture, or a part of it, repeats the registered work “%(reference)s”."),
            _("The picture, or a part of it, repeats a registered work."),
        ),
    ),
    "copy.quarantined": Words(
        _("Resembles a registered work that is not proved"),
        (
            _(
                "A part of the picture repeats a registered work. It is not proved whose work that is, so it "
                "counts for nothing."
            ),
        ),
        (
            _(
                "The outlined part repeats “%(reference)s”, which %(artist)s registered. That registration "
                "is in doubt, so it is a note and holds nothing."
            ),
            _("A part of the picture repeats a registration that is in doubt. It is a note, nothing more."),
        ),
    ),
    "copy.permitted": Words(
        _("Repeats a protected work, as its owners permit"),
        (_("A part of the picture repeats a registered work, as its owners permit."),),
        (
            _(
                "The outlined part repeats “%(reference)s” by %(artist)s; the owners' wishes do not apply "
                "here."
            ),
            _("A part of the picture repeats a protected work; the owners' wishes do not apply here."),
        ),
    ),
    "copy.not_compared": Words(
        _("Not compared with protected works"),
        (_("The picture could not be compared with protected works, so a person looks at it."),),
        (_("The picture could not be decoded, so it was not compared with protected works."),),
    ),
    "copy.registry_unavailable": Words(
        _("Protected works could not be searched"),
        (_("Protected works could not be searched at that moment, so a person looks at your work."),),
        (
            _("Protected works could not be searched: %(problem)s"),
            _("Protected works could not be searched."),
        ),
    ),
}

SYNTHETIC: Mapping[str, Words] = {
    "synthetic.no_sign": Words(
        _("No sign of generation"),
        (_("An estimate from the pixels found no sign of generation."),),
        (
            _("The detector's estimate is %(score)s, below the lower mark. Taken for: %(medium)s."),
            _("The detector found no sign of generation."),
        ),
    ),
    "synthetic.cannot_tell": Words(
        _("Cannot tell"),
        (_("An estimate from the pixels cannot tell whether the picture was generated."),),
        (
            _("The detector's estimate is %(score)s. %(silence)s Taken for: %(medium)s."),
            _("The detector cannot tell whether the picture was generated."),
        ),
    ),
    "synthetic.signs_of_generation": Words(
        _("Signs of generation"),
        (
            _(
                "An estimate from the pixels found signs of generation. It can be wrong; it decides nothing, "
                "and a person looks at your work and its process evidence."
            ),
        ),
        (
            _(
                "The detector's estimate is %(score)s. Of 1,000 human works taken for %(medium)s, at most "
                "%(budget)s are expected to score as high. It is no proof."
            ),
            _("The detector found signs of generation. It is an estimate, no proof."),
        ),
    ),
    "synthetic.second_opinion": Words(
        _("Second opinion"),
        (_("Another detector was asked as well. Its answer decides nothing."),),
        (
            _(
                "%(plugin)s says %(score)s. It is another detector's number, shown for itself: it holds no "
                "work, and how often it accuses human works here is not known."
            ),
            _("%(plugin)s was asked for a second opinion and gave none: %(problem)s"),
            _("Another detector was asked for a second opinion."),
        ),
    ),
    "synthetic.not_looked": Words(
        _("Signs of generation not estimated"),
        (_("Signs of generation could not be estimated, so a person looks at your work."),),
        (
            _("Signs of generation could not be estimated: %(problem)s"),
            _("Signs of generation could not be estimated. %(silence)s"),
            _("Signs of generation could not be estimated."),
        ),
    ),
    "synthetic.cloaked": Words(
        _("Protected with a cloak"),
        (
            _(
                "Your form names a protection such as Glaze. It changes pixels in a way that estimates of "
                "generation cannot judge, so a person looks at your work instead."
            ),
        ),
        (
            _(
                "The form names a protection such as Glaze, Nightshade or Mist. The detector is not asked "
                "about such works; please look at the process evidence."
            ),
        ),
    ),
}
