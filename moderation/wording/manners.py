"""Words about style. They tell a reviewer what was measured; an entrant is told that it changes nothing."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

# Which artist it was is not told to the entrant, nor which entry to the artist: neither could do anything
# with it but suspect the other.
_TO_ENTRANT = _("How your work looks beside registered portfolios is information only. It decides nothing.")

STYLES: Mapping[str, Words] = {
    "style.resembles": Words(
        _("Resembles a portfolio in style"),
        (_TO_ENTRANT,),
        (
            _(
                "In style it comes nearer to the portfolio of %(artist)s (%(works)s works) than %(score)s of "
                "%(strangers)s unrelated pictures of its kind come to any of the %(portfolios)s portfolios "
                "compared."
            ),
            _(
                "In style it comes nearer to the portfolio of %(artist)s (%(works)s works) than %(score)s of "
                "unrelated pictures come to any of the %(portfolios)s portfolios compared."
            ),
            _("In style it comes near to a registered portfolio."),
        ),
    ),
    "style.none": Words(
        _("Resembles no portfolio in style"),
        (_TO_ENTRANT,),
        (
            _("Compared with the portfolios of %(portfolios)s artists; it comes clearly near to none."),
            _("It comes clearly near to no registered portfolio."),
        ),
    ),
    "style.not_compared": Words(
        _("Style not compared"),
        (_TO_ENTRANT,),
        (
            _("Its style could not be compared: %(problem)s Nothing follows from that."),
            _("Its style could not be compared. Nothing follows from that."),
        ),
    ),
}
