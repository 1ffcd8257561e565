"""Opt-outs from training and mining: the C2PA and CAWG assertions, and XMP's PLUS field."""

from collections.abc import Iterable, Mapping

from moderation.provenance.store import Manifest, mapping, text
from moderation.provenance.values import Training, Use, storable
from moderation.provenance.xmp import Property

_LABELS = ("cawg.training-mining", "c2pa.training-mining")
_STRICTNESS = list(Use)
_MAX_ENTRIES = 50
PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"


def statement(active: Manifest | None, properties: Iterable[Property]) -> Training:
    """What the active manifest and the XMP packets say; ingredients do not speak for the whole."""
    return Training(entries(active) if active else {}, data_mining(properties))


def entries(manifest: Manifest) -> Mapping[str, Use]:
    """Key without prefix to the strictest answer that ``manifest`` gives."""
    answers: dict[str, Use] = {}
    for _, data in manifest.data(*_LABELS):
        for key, entry in mapping(mapping(data).get("entries")).items():
            use = _use(entry)
            name = storable(str(key).rpartition(".")[2][:100])
            if use is not None and len(answers) < _MAX_ENTRIES:
                answers[name] = strictest((use, answers.get(name, Use.ALLOWED)))
    return answers


def strictest(uses: Iterable[Use]) -> Use:
    return max(uses, key=_STRICTNESS.index)


def _use(entry: object) -> Use | None:
    said = text(mapping(entry).get("use")) if isinstance(entry, dict) else text(entry)
    by_word = {use.value.lower(): use for use in Use}
    return by_word.get((said or "").replace("_", "").lower())


def data_mining(properties: Iterable[Property]) -> tuple[str, ...]:
    """The words of ``plus:DataMining``, without the vocabulary's address."""
    words = [
        storable(each.value).strip().rstrip("/").rpartition("/")[2].upper()[:100]
        for each in properties
        if each.namespace.startswith(PLUS.rstrip("/")) and each.name == "DataMining"
    ]
    return tuple(dict.fromkeys(word for word in words if word))[:10]
