"""A manifest store's report as typed values: manifests, actions, ingredients, validation codes.

Everything in a report was written by whoever made the file, so no shape is taken for granted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from moderation.provenance.values import Action, storable

_MAX_ACTIONS = 2_000


def text(value: object, limit: int = 500) -> str | None:
    """``value`` as a trimmed string that can be stored, or None where it is none or empty."""
    return storable(value[: limit + 100]).strip()[:limit] or None if isinstance(value, str) else None


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Code:
    """One validation result. ``manifest`` is the label of the manifest it speaks of, where it names one."""

    code: str
    url: str
    explanation: str

    @property
    def manifest(self) -> str | None:
        _, found, rest = self.url.partition("/c2pa/")
        return rest.split("/", 1)[0] if found else None


class Codes(tuple[Code, ...]):
    """Validation results in order, with a quick question: files may hold thousands."""

    @cached_property
    def _said(self) -> frozenset[tuple[str, str | None]]:
        return frozenset((each.code, each.manifest) for each in self)

    def say(self, code: str, label: str) -> bool:
        """Whether ``code`` is said of manifest ``label``, or of none in particular."""
        return (code, label) in self._said or (code, None) in self._said


def codes(value: object) -> Codes:
    return Codes(
        Code(str(item.get("code", "")), str(item.get("url") or ""), str(item.get("explanation") or ""))
        for item in sequence(value)
        if isinstance(item, dict)
    )


@dataclass(frozen=True)
class Results:
    """Validation results of one manifest and of what it was made from."""

    success: Codes
    failure: Codes
    delta_success: Codes
    delta_failure: Codes

    @classmethod
    def of(cls, value: object) -> "Results":
        """From ``validation_results``, of a report or as recorded with an ingredient."""
        results = mapping(value)
        active = mapping(results.get("activeManifest"))
        deltas = [
            mapping(mapping(each).get("validationDeltas"))
            for each in sequence(results.get("ingredientDeltas"))
        ]
        return cls(
            success=codes(active.get("success")),
            failure=codes(active.get("failure")),
            delta_success=Codes(code for delta in deltas for code in codes(delta.get("success"))),
            delta_failure=Codes(code for delta in deltas for code in codes(delta.get("failure"))),
        )


@dataclass(frozen=True)
class Ingredient:
    raw: dict[str, Any]

    @property
    def relationship(self) -> str:
        return text(self.raw.get("relationship")) or "componentOf"

    @property
    def manifest(self) -> str | None:
        return text(self.raw.get("active_manifest"))

    @property
    def title(self) -> str | None:
        return text(self.raw.get("title")) or text(self.raw.get("description"))

    @property
    def thumbnail(self) -> str | None:
        return _address(self.raw.get("thumbnail"))

    @property
    def recorded(self) -> Results:
        """What the tool that took the ingredient in found wrong with it, in the newer or the older form."""
        results = Results.of(self.raw.get("validation_results"))
        return Results(
            results.success,
            Codes(results.failure + codes(self.raw.get("validation_status"))),
            results.delta_success,
            results.delta_failure,
        )


@dataclass(frozen=True)
class Manifest:
    label: str
    raw: dict[str, Any]

    @cached_property
    def assertions(self) -> tuple[tuple[str, Any], ...]:
        return tuple(
            (_numbered(item), item.get("data"))
            for item in sequence(self.raw.get("assertions"))
            if isinstance(item, dict)
        )

    def data(self, *prefixes: str) -> Iterator[tuple[str, Any]]:
        """Label and data of assertions whose label starts with one of ``prefixes`` (repeated: ``…__1``)."""
        return ((label, data) for label, data in self.assertions if label.startswith(prefixes))

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        found = [
            _action(item)
            for _, data in self.data("c2pa.actions")
            for item in sequence(mapping(data).get("actions"))
            if isinstance(item, dict)
        ]
        return tuple(found[:_MAX_ACTIONS])

    @cached_property
    def template_source_types(self) -> tuple[str, ...]:
        found = [
            text(mapping(item).get("digitalSourceType"))
            for _, data in self.data("c2pa.actions")
            for item in sequence(mapping(data).get("templates"))
        ]
        return tuple(value for value in found if value)

    @cached_property
    def ingredients(self) -> tuple[Ingredient, ...]:
        return tuple(
            Ingredient(item) for item in sequence(self.raw.get("ingredients")) if isinstance(item, dict)
        )

    @property
    def leaves_steps_out(self) -> bool:
        """Whether the manifest itself says that not all steps are recorded."""
        return any(mapping(data).get("allActionsIncluded") is False for _, data in self.data("c2pa.actions"))

    @property
    def redacts(self) -> bool:
        return bool(sequence(self.raw.get("redactions"))) or any(
            a.name == "c2pa.redacted" for a in self.actions
        )

    @property
    def title(self) -> str | None:
        return text(self.raw.get("title"))

    @property
    def thumbnail(self) -> str | None:
        return _address(self.raw.get("thumbnail"))

    @property
    def generator(self) -> str | None:
        """The tool that wrote the claim: its plain name where given, else the older user-agent-like line."""
        infos = [mapping(item) for item in sequence(self.raw.get("claim_generator_info"))]
        return next((name for info in infos if (name := text(info.get("name")))), None) or text(
            self.raw.get("claim_generator")
        )

    @property
    def _signature(self) -> dict[str, Any]:
        return mapping(self.raw.get("signature_info"))

    @property
    def signer_name(self) -> str | None:
        return text(self._signature.get("issuer")) or text(self._signature.get("common_name"))

    @property
    def signed_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(str(self._signature.get("time")))
        except ValueError:
            return None


def _numbered(assertion: dict[str, Any]) -> str:
    """The label as its address in the store has it: the second of a kind ends in ``__1``."""
    label, instance = str(assertion.get("label", "")), assertion.get("instance")
    numbered = isinstance(instance, int) and instance > 0 and not label.endswith(f"__{instance}")
    return f"{label}__{instance}" if numbered else label


def _address(thumbnail: object) -> str | None:
    """Where a thumbnail lies inside the store; None for one that lies elsewhere."""
    found = text(mapping(thumbnail).get("identifier"), 2_000)
    return found if found and found.startswith("self#jumbf=") else None


def _action(item: dict[str, Any]) -> Action:
    agent = item.get("softwareAgent")  # a string in version 1 of the assertion, an object in version 2
    return Action(
        name=text(item.get("action")) or "",
        source_type=text(item.get("digitalSourceType")),
        agent=text(agent.get("name")) if isinstance(agent, dict) else text(agent),
        description=text(item.get("description")) or text(mapping(item.get("parameters")).get("description")),
    )


@dataclass(frozen=True)
class Manifests:
    """All manifests of a store and the results of validating it now."""

    active: Manifest
    by_label: dict[str, Manifest]
    results: Results
    trust_list: str | None  # the list that knows a signer of the store, active or not

    @classmethod
    def of(cls, report: dict[str, Any]) -> "Manifests":
        """From the library's report; ``LookupError`` where it names no active manifest."""
        by_label = {
            storable(label): Manifest(storable(label), raw)
            for label, raw in mapping(report.get("manifests")).items()
            if isinstance(raw, dict)
        }
        results = report.get("validation_results")
        return cls(
            by_label[storable(str(report.get("active_manifest")))],
            by_label,
            Results.of(results),
            text(mapping(results).get("trustListUri")),
        )

    def of_ingredient(self, ingredient: Ingredient) -> Manifest | None:
        return self.by_label.get(ingredient.manifest or "")
