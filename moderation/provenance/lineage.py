"""The manifests of a store by the part they play in the picture's history.

The *lineage* is the picture's own past: the active manifest and its parents. *Components* were placed into
it. *References* were only looked at by a tool (``inputTo``) and never change the origin.
"""

from collections import deque
from dataclasses import dataclass

from moderation.provenance.store import Ingredient, Manifest, Manifests

INCEPTION = frozenset({"c2pa.created", "c2pa.opened"})


@dataclass(frozen=True)
class Lineage:
    """The manifests of a store by the part they play; ``loose`` are ingredients without a manifest."""

    line: tuple[Manifest, ...]  # active first, root last
    components: tuple[Manifest, ...]
    references: tuple[Manifest, ...]
    loose: tuple[tuple[Manifest, Ingredient], ...]
    taken: tuple[tuple[Manifest, Ingredient, Manifest], ...]  # who took what in, line and components only


def trace_lineage(manifests: Manifests) -> Lineage:
    """Sort the manifests reachable from the active one into lineage, components and references."""
    line: dict[str, Manifest] = {}
    components: dict[str, Manifest] = {}
    references: dict[str, Manifest] = {}
    loose: list[tuple[Manifest, Ingredient]] = []
    taken: list[tuple[Manifest, Ingredient, Manifest]] = []
    queue: deque[tuple[Manifest, dict[str, Manifest]]] = deque([(manifests.active, line)])
    while queue:  # ends: every manifest enters each of three groups once
        manifest, group = queue.popleft()
        if manifest.label in group:
            continue
        group[manifest.label] = manifest
        for ingredient in manifest.ingredients:
            target = _group_of(ingredient, manifest, group, line, components, references)
            below = manifests.of_ingredient(ingredient)
            if target is references:
                if below:
                    queue.append((below, references))
            elif below is None:
                loose.append((manifest, ingredient))
            else:
                taken.append((manifest, ingredient, below))
                queue.append((below, target))
    parts = {label: each for label, each in components.items() if label not in line}
    looked_at = {
        label: each for label, each in references.items() if label not in line and label not in components
    }
    return Lineage(
        tuple(line.values()), tuple(parts.values()), tuple(looked_at.values()), tuple(loose), tuple(taken)
    )


def _group_of(
    ingredient: Ingredient,
    manifest: Manifest,
    group: dict[str, Manifest],
    line: dict[str, Manifest],
    components: dict[str, Manifest],
    references: dict[str, Manifest],
) -> dict[str, Manifest]:
    if group is references or ingredient.relationship == "inputTo":
        return references
    if ingredient.relationship == "parentOf":
        return group
    # ChatGPT's files of 2025 record no action and hold the generated picture as their single "component".
    begun = any(action.name in INCEPTION for action in manifest.actions)
    if group is line and not begun and len(manifest.ingredients) == 1:
        return line
    return components


def agents(lineage: Lineage) -> tuple[str, ...]:
    """Tools that the actions of lineage and components name, oldest first, each once."""
    names = [
        action.agent
        for manifest in reversed(lineage.line + lineage.components)
        for action in manifest.actions
        if action.agent
    ]
    return tuple(dict.fromkeys(names))[:50]
