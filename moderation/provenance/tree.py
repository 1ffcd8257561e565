"""The manifests of a store as a small tree, for drawing."""

import hashlib
from collections.abc import Iterator, Mapping

from moderation.provenance.store import Ingredient, Manifest, Manifests
from moderation.provenance.values import ManifestNode

_MAX_NODES = 300
_MAX_ACTIONS = 1_000  # in the whole tree
_MAX_PICTURES = 60
_MAX_DEPTH = 40  # generations drawn; the judgement looks at all of them


def thumbnails(manifests: Manifests) -> tuple[str, ...]:
    """Addresses of the thumbnails that a drawing needs: those of ingredients, each once.

    The active manifest's own is left out, since the picture itself stands beside the drawing.
    """
    found = filter(None, (_own_thumbnail(each, below) for each, below in _ingredients(manifests)))
    return tuple(dict.fromkeys(found))[:_MAX_PICTURES]


def _ingredients(manifests: Manifests) -> Iterator[tuple[Ingredient, Manifest | None]]:
    for manifest in manifests.by_label.values():
        for ingredient in manifest.ingredients:
            yield ingredient, manifests.of_ingredient(ingredient)


def _own_thumbnail(ingredient: Ingredient, below: Manifest | None) -> str | None:
    """The ingredient's own claim says best how it looks; whoever took it in may have drawn something else."""
    return (below.thumbnail if below else None) or ingredient.thumbnail


def picture_key(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def tree(manifests: Manifests, pictures: Mapping[str, bytes] | None = None) -> ManifestNode:
    """The active manifest and below it what it was made from; a manifest may stand in several places.

    ``pictures`` holds thumbnails by address; a node names its own by ``picture_key``.
    """
    nodes_left, actions_left = _MAX_NODES, _MAX_ACTIONS
    failing: dict[str | None, list[str]] = {}
    for code in (*manifests.results.failure, *manifests.results.delta_failure):
        if code.code != "signingCredential.untrusted":  # unknown is not wrong
            failing.setdefault(code.manifest, []).append(code.code)

    keys = {address: picture_key(data) for address, data in (pictures or {}).items()}

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
                picture = keys.get(ingredient.thumbnail or "")
                children.append(
                    ManifestNode(None, ingredient.relationship, ingredient.title, picture=picture)
                )
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
            picture=keys.get(_own_thumbnail(above, manifest) or "") if above else None,
            children=tuple(children),
        )

    return node(manifests.active, None, (manifests.active.label,))
