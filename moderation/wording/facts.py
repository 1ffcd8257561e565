"""From a finding's data to the words that sentences may use. Data may be incomplete, or older than the "
"code."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from moderation.wording import labels
from moderation.wording.words import Text

# How each value is said; where a name is not here, the value is said as it stands.
_LABELLED: Mapping[str, Mapping[str, Text]] = {
    "origin": labels.ORIGIN,
    "check": labels.CHECKS,
    "medium": labels.MEDIUMS,
    "stated_medium": labels.MEDIUMS,
    "known": labels.LICENCES,
}


def facts(data: Mapping[str, Any]) -> dict[str, str]:
    """Every parameter that ``data`` gives, as text in the active language. Empty values give none."""
    found: dict[str, str] = {}
    for name, value in data.items():
        if value in (None, "", [], (), {}) or isinstance(value, bool):
            continue
        if name in _LABELLED:
            found[name] = labels.label(_LABELLED[name], value)
        elif name == "score":
            found[name] = share(value)
        elif name == "stated":
            found[name] = labels.label(labels.LICENCES, value) if isinstance(value, str) else _listed(value)
        elif name == "reason":
            found["silence"] = labels.label(labels.SILENCES, value)
        elif isinstance(value, list):
            found[name] = _listed(value)
        elif isinstance(value, int):
            found[name] = number_format(value, use_l10n=True, force_grouping=value >= 10_000)
        elif isinstance(value, str):
            found[name] = tool(value) if name == "generator" else value
    if data.get("by") == "hash":  # no geometry was found: there is nothing to say of points
        found.pop("inliers", None)
    elif data.get("inliers") == 0:  # tones or outlines of the whole proved it, whatever the hash says
        for name in ("inliers", "pdq"):
            found.pop(name, None)
    elif data.get("mirrored") is True and "inliers" in found:
        found["mirrored_inliers"] = found["inliers"]
    if isinstance(data.get("same_entrant"), bool):
        found["whose"] = _("by the same person") if data["same_entrant"] else _("by another person")
    if isinstance(data.get("same_contest"), bool):
        found["where"] = _("in this contest") if data["same_contest"] else _("in another contest")
    return found


_PRODUCT = re.compile(r"^([^\s/()]+)/([0-9][\w.\-]*)(?:\s|$)")
_LIBRARY = re.compile(r"\s+c2pa[\w\-]*/\S+.*$")


def tool(signed: str) -> str:
    """A tool as people say it: of the older form, ``Adobe_Photoshop/24.7.0 (build …) c2pa-rs/0.18``, the
    first product; of a name with its build in parentheses or with the library that wrote for it
    (``ChatGPT c2pa-rs/0.28.4``), what stands before them."""
    if product := _PRODUCT.match(signed):
        return f"{product[1].replace('_', ' ')} {product[2]}"
    return _LIBRARY.sub("", signed.partition(" (")[0]).strip() or signed


def share(value: object) -> str:
    """A score in [0, 1] as a percentage. Never 0 % or 100 %: an estimate is never certain."""
    try:
        percent = round(float(value) * 100)  # type: ignore[arg-type]  # what is no number says so itself
    except (TypeError, ValueError, OverflowError):
        return str(value)
    return _("%(number)d %%") % {"number": min(max(percent, 1), 99)}


def _listed(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values)
