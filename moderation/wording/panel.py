"""Words about what keeps a reviewer from an entry."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.interests import Tie
from moderation.wording.words import Text

TIES: Mapping[Tie, Text] = {
    Tie.OWN: _("it is their own entry"),
    Tie.SAID: _("a conflict of interest was named or declared, or they abstain"),
    Tie.KNOWN: _("they know the entrant"),
    Tie.WORK: _("a work of their own was found in it"),
    Tie.CLAIM: _("they, or somebody they own works with, claimed it"),
    Tie.HOUSE: _("the entrant and they belong to one organization"),
    Tie.CLAIMANT: _("the artist who claimed it and they belong to one organization"),
    Tie.LICENCE: _("a work that their organization has a licence for was found in it"),
}
