"""One forward pass of an image encoder, and everything that is read from it.

The encoder is any visual tower that ``open_clip`` can build. By default it is CLIP ViT-B/16 with the weights
of ``weights.py``; architecture, file or pretrained tag, and device are settings. Embeddings of two encoders
are never comparable, so every stored vector carries ``Encoder.identity``.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.images import Picture, Pixels
from matching.engine.tower import blocks_of, leading_tokens, load_tower
from matching.engine.weights import ARCHITECTURE

if TYPE_CHECKING:
    import torch

PREPROCESSING: Final = "p1"
"""Raised whenever the way from pixels to the model's input changes: it changes every embedding."""

_GEM_POWER = 3.0


@dataclass(frozen=True, eq=False)
class Encoded:
    """What one pass says of ``n`` pictures, all float32; sizes in brackets are those of ViT-B/16."""

    embedding: NDArray[np.float32]
    """``[n, 512]``: the tower's output, of unit length. Compare by inner product."""
    class_tokens: NDArray[np.float32]
    """``[n, 12, 768]``: the class token as it leaves each block, not normalised."""
    regions: NDArray[np.float32]
    """``[n, regions, 768]``: generalised means of a middle block's patch tokens, of unit length.

    The first is over the whole picture, the others over squares of it, large and small: a picture pasted into
    another one fills some square. For ViT-B/16 there are 19.
    """

    @property
    def patches(self) -> NDArray[np.float32]:
        """``[n, 768]``: the region that is the whole picture."""
        whole: NDArray[np.float32] = self.regions[:, 0]
        return whole

    def __len__(self) -> int:
        return len(self.embedding)


@dataclass(frozen=True)
class EncoderSettings:
    """Which encoder, from where, on what.

    ``weights`` is a safetensors file, a folder that holds the default weights, or the name of one of
    ``open_clip``'s pretrained tags (fetched from a model hub).
    """

    weights: str
    architecture: str = ARCHITECTURE
    device: str = "auto"
    threads: int | None = None
    """CPU threads of torch in this process; None leaves torch's choice."""
    batch: int = 16
    patch_block: int = -4
    """The block whose patch tokens are pooled, counted from the last."""


class Encoder:
    """A loaded visual tower. Not for several threads at once."""

    def __init__(self, settings: EncoderSettings) -> None:
        import torch  # noqa: PLC0415 -- slow import

        if settings.threads is not None:
            torch.set_num_threads(settings.threads)
        self.settings = settings
        self.device = _pick_device(settings.device)
        tower = load_tower(settings.architecture, settings.weights)
        self._visual = tower.visual.eval().requires_grad_(requires_grad=False).to(self.device)
        self._blocks = blocks_of(self._visual)
        self._leading = leading_tokens(self._visual)
        self._preprocess = tower.preprocess
        self.weights_sha256 = tower.sha256
        self.identity = f"{settings.architecture}:{tower.sha256[:12]}:{PREPROCESSING}"
        """Architecture, first twelve digits of the weights' sha256, preprocessing version."""
        self.input_size = tower.preprocess.size
        """Height and width of the model's input, in pixels."""
        self._nothing = self._pass([np.zeros((8, 8, 3), np.uint8)])
        self.dimension = int(self._nothing.embedding.shape[1])
        """Length of one ``Encoded.embedding``."""

    def encode(self, pictures: Sequence[Picture | Pixels]) -> Encoded:
        """Encode pictures, or crops of them, in batches; the order is kept."""
        pixels = [item.pixels if isinstance(item, Picture) else item for item in pictures]
        batch = self.settings.batch
        parts = [self._pass(pixels[at : at + batch]) for at in range(0, len(pixels), batch)]
        empty = self._nothing
        return Encoded(
            np.concatenate([empty.embedding[:0], *(part.embedding for part in parts)]),
            np.concatenate([empty.class_tokens[:0], *(part.class_tokens for part in parts)]),
            np.concatenate([empty.regions[:0], *(part.regions for part in parts)]),
        )

    def _pass(self, pixels: Sequence[Pixels]) -> Encoded:
        import torch  # noqa: PLC0415 -- slow import

        inputs = torch.from_numpy(np.stack([self._preprocess(one) for one in pixels])).to(self.device)
        with torch.inference_mode(), _Watch(self._blocks) as blocks:
            output = self._visual(inputs)
        if isinstance(output, tuple):
            output = output[0]
        tokens = torch.stack([self._class_token(block) for block in blocks.outputs], dim=1)
        patches = blocks.outputs[self.settings.patch_block][:, self._leading :]
        return Encoded(_unit(output), _numpy(tokens), _unit(self._regions(patches)))

    def _regions(self, patches: "torch.Tensor") -> "torch.Tensor":
        """Pool ``[n, patches, width]`` over every square: ``[n, regions, width]``."""
        import torch  # noqa: PLC0415 -- slow import

        rows, columns = _grid(patches.shape[1], self.input_size)
        grid = patches.reshape(len(patches), rows, columns, -1)
        squares = [grid[:, top:bottom, left:right] for top, bottom, left, right in _squares(rows, columns)]
        return torch.stack([_gem(square.flatten(1, 2)) for square in squares], dim=1)

    def _class_token(self, block: "torch.Tensor") -> "torch.Tensor":
        """``[n, width]``; the mean of the patches where a tower has no class token (SigLIP)."""
        return block[:, 0] if self._leading else block.mean(dim=1)


def load_encoder(settings: EncoderSettings) -> Encoder:
    """The encoder of these settings, loaded once per process.

    Keyed by process, because torch's threads do not survive a fork: a forked worker builds its own, and a
    parent that forks workers must not encode before.
    """
    return _load(settings, os.getpid())


@lru_cache(maxsize=2)
def _load(settings: EncoderSettings, process: int) -> Encoder:
    return Encoder(settings)


def _pick_device(wanted: str) -> str:
    import torch  # noqa: PLC0415 -- slow import

    if wanted != "auto":
        return wanted
    return "cuda" if torch.cuda.is_available() else "cpu"


class _Watch:
    """While open, collects what every block puts out: ``[n, tokens, width]`` each."""

    def __init__(self, blocks: "Sequence[torch.nn.Module]") -> None:
        self._blocks = blocks
        self._hooks: list[Any] = []
        self.outputs: list[torch.Tensor] = []

    def __enter__(self) -> "_Watch":
        self._hooks = [block.register_forward_hook(self._keep) for block in self._blocks]
        return self

    def __exit__(self, *exc: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _keep(self, _block: object, _inputs: object, output: "torch.Tensor") -> None:
        self.outputs.append(output)


def _grid(patches: int, size: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of that many patches in an input of height and width ``size``."""
    rows = round((patches * size[0] / size[1]) ** 0.5)
    return rows, patches // rows


def _squares(rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Top, bottom, left, right: the whole, then windows of two thirds and of less than half its sides."""
    found = [(0, rows, 0, columns)]
    for share, steps in ((0.65, 3), (0.45, 3)):
        high, wide = max(1, round(rows * share)), max(1, round(columns * share))
        for top in np.linspace(0, rows - high, steps).round().astype(int):
            for left in np.linspace(0, columns - wide, steps).round().astype(int):
                found.append((int(top), int(top) + high, int(left), int(left) + wide))
    return found


def _gem(patches: "torch.Tensor") -> "torch.Tensor":
    """Generalised mean over the patches ``[n, patches, width]``: Radenović et al., TPAMI 2019."""
    return patches.float().clamp(min=1e-6).pow(_GEM_POWER).mean(dim=1).pow(1 / _GEM_POWER)


def _unit(vectors: "torch.Tensor") -> NDArray[np.float32]:
    import torch  # noqa: PLC0415 -- slow import

    return _numpy(torch.nn.functional.normalize(vectors.float(), dim=-1))


def _numpy(values: "torch.Tensor") -> NDArray[np.float32]:
    return np.asarray(values.float().cpu().numpy(), dtype=np.float32)
