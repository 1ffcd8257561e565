"""Addresses from titles, Korean ones too."""

import re
import unicodedata
from collections.abc import Callable

# Revised Romanization of Korean (2000), letter by letter: good enough for an address, no guide to speech.
# Split from strings: a table is read across.
_INITIALS = "g,kk,n,d,tt,r,m,b,pp,s,ss,,j,jj,ch,k,t,p,h".split(",")  # noqa: SIM905
_MEDIALS = "a,ae,ya,yae,eo,e,yeo,ye,o,wa,wae,oe,yo,u,wo,we,wi,yu,eu,ui,i".split(",")  # noqa: SIM905
_FINALS = ",k,k,k,n,n,n,t,l,k,m,l,l,l,p,l,m,p,p,t,t,ng,t,t,k,t,p,t".split(",")  # noqa: SIM905
_FIRST, _LAST = 0xAC00, 0xD7A3


def slug_from(title: str, *, taken: Callable[[str], bool], fallback: str, longest: int = 70) -> str:
    """A slug of ``title`` that is not ``taken``; ``fallback`` where nothing of the title can be written."""
    latin = "".join(_romanized(sign) for sign in unicodedata.normalize("NFKC", title))
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-") or fallback
    slug, number = words, 1
    while taken(slug):
        number += 1
        slug = f"{words}-{number}"
    return slug


def _romanized(sign: str) -> str:
    if not _FIRST <= ord(sign) <= _LAST:
        return sign
    at = ord(sign) - _FIRST
    return _INITIALS[at // 588] + _MEDIALS[at % 588 // 28] + _FINALS[at % 28]
