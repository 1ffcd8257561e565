"""The manifests of a store as a small tree, for drawing."""

from moderation.provenance.store import Ingredient, Manifest, Manifests
from moderation.provenance.values import ManifestNode

_MAX_NODES = 300
_MAX_ACTIONS = 1_000  # in the whole tree
_MAX_DEPTH = 40  # generations drawn; the judgement looks at all of them


def tree(manifests: Manifests) -> ManifestNode:
    """The active manifest and below it what it was made from; a manifest may stand in several places."""
    nodes_left, actions_left = _MAX_NODES, _MAX_ACTIONS
    failing: dict[str | None, list[str]] = {}
    for code in (*manifests.results.failure, *manifests.results.delta_failure):
        failing.setdefault(code.manifest, []).append(code.code)

    def node(manifest: Manifest, above: Ingredient | None, path: tuple[str, ...]) -> ManifestNode:
        nonlocal nodes_left, actions_left
        actions = manifest.actions[:actions_left]
        actions_left -= len(actions)
        children = []
        for ingredient in manifest.ingredients:
            if nodes_left <= 0:
                break
            nodes_left -= 1
            below = manifests.of_ingredient(ingredient)
            if below is None:
                children.append(ManifestNode(None, ingredient.relationship, ingredient.title))
            elif below.label not in path and len(path) < _MAX_DEPTH:
                children.append(node(below, ingredient, (*path, below.label)))
        return ManifestNode(
            label=manifest.label,
            relationship=above.relationship if above else None,
            title=manifest.title or (above.title if above else None),
            generator=manifest.generator,
            signer_name=manifest.signer_name,
            signed_at=manifest.signed_at,
            actions=actions,
            failures=tuple(dict.fromkeys(failing.get(manifest.label, ()))),
            children=tuple(children),
        )

    return node(manifests.active, None, (manifests.active.label,))
