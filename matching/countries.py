"""Countries by their ISO 3166-1 codes, with names in the reader's language."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

# Not countries, though CLDR names them: unions, pseudo-locales and the unknown region.
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def codes() -> frozenset[str]:
    return frozenset(_names("en"))


def names() -> list[tuple[str, str]]:
    """Code and name, in the order of the names."""
    found = _names((get_language() or "en").split("-")[0])
    return sorted(found.items(), key=lambda pair: pair[1])


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    return {
        code: str(name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
