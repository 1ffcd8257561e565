"""Words of the detector's model card."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Text

ALTERATIONS: Mapping[str, Text] = {
    "whole": _("unaltered"),
    "jpeg50": _("saved as JPEG of quality 50"),
    "half": _("half the size"),
    "blur": _("blurred"),
    "noise": _("with noise"),
    "screenshot": _("a screenshot"),
    "enlarged": _("made small and enlarged again"),
    "sharp": _("enlarged and sharpened, as learnt upscalers do"),
    "cloaklike": _("with a perturbation like a cloak's"),
    "edited": _("a part stamped over with another"),
    "resaved0": _("made smaller and saved again; all works"),
}
PLOTS: Mapping[str, Text] = {
    "roc": _("Found pictures against falsely accused works, the first few drawn widest"),
    "reliability": _("Stated probability against the share that is generated"),
    "scores": _("Scores of human and of generated pictures"),
    "generators": _("Found at 1 % false positives, by generator"),
    "media": _("Human works held, by the medium they were taken for; the line is the budget"),
    "alterations": _("Human works held after alterations; the line is the budget"),
}
