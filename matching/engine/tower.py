"""Build a visual tower of ``open_clip`` and give it its weights, from files that cannot execute code."""

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from matching.engine.images import Pixels
from matching.engine.weights import WEIGHTS, WEIGHTS_SHA256, WeightsError, file_sha256

if TYPE_CHECKING:
    import torch


# The declarations vanish with the object that made them.
_DECLARED: list[object] = []


@dataclass(frozen=True)
class Preprocess:
    """From pixels to the model's input, as the architecture was trained with."""

    size: tuple[int, int]
    """Height and width."""
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    squash: bool
    """Stretch to the input's shape, instead of scaling the short side and cutting out the middle."""

    def __call__(self, pixels: Pixels) -> NDArray[np.float32]:
        """``[3, height, width]``, normalised."""
        height, width = self.size
        image = Image.fromarray(pixels)
        whole = (0.0, 0.0, float(image.width), float(image.height))
        box = whole if self.squash else _middle(image.size, width / height)
        image = image.resize((width, height), Image.Resampling.BICUBIC, box)
        scaled = np.asarray(image, dtype=np.float32) / 255
        normal = (scaled - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return np.ascontiguousarray(normal.transpose(2, 0, 1), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Tower:
    """A visual tower with its weights."""

    visual: "torch.nn.Module"
    preprocess: Preprocess
    sha256: str
    """Of the weights, in hex."""


def load_tower(architecture: str, weights: str) -> Tower:
    """Load a tower from a safetensors file, a folder with the default file, or a pretrained tag.

    Raises ``WeightsError``.
    """
    open_clip = import_open_clip()
    if open_clip.get_model_config(architecture) is None:
        raise WeightsError(f"open_clip knows no architecture {architecture!r}.")
    if weights in open_clip.list_pretrained_tags_by_model(architecture):
        visual = open_clip.create_model(architecture, pretrained=weights).visual
        return Tower(visual, _preprocess_of(architecture, visual, weights), _state_sha256(visual))
    path = Path(weights)
    if path.is_dir():
        path /= WEIGHTS
    digest = _checked_sha256(path)
    visual = _from_file(architecture, path)
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    return Tower(visual, _preprocess_of(architecture, visual, tags[0] if tags else ""), digest)


def blocks_of(visual: "torch.nn.Module") -> "Sequence[torch.nn.Module]":
    """The transformer's blocks, of open_clip's own tower or of timm's."""
    for owner, name in (("transformer", "resblocks"), ("trunk", "blocks")):
        blocks = getattr(getattr(visual, owner, None), name, None)
        if blocks is not None:
            return list(blocks)
    raise WeightsError(f"{type(visual).__name__} has no transformer blocks to read features from.")


def leading_tokens(visual: "torch.nn.Module") -> int:
    """How many tokens stand before the patches: usually one class token, none in SigLIP."""
    trunk = getattr(visual, "trunk", None)
    return 1 if trunk is None else int(getattr(trunk, "num_prefix_tokens", 0))


@lru_cache(maxsize=1)
def import_open_clip() -> Any:
    """Import open_clip, although the torchvision of the package index may not fit a CPU torch.

    That torchvision is compiled for CUDA. Beside a CPU torch its operators do not load, and importing it,
    which open_clip does for its Python transforms alone, ends with "operator torchvision::nms does not
    exist". Declaring the two operators that are looked up at import lets it pass; nothing here calls them.
    """
    import torch.library  # noqa: PLC0415 -- slow import

    torch_library: Any = torch.library
    if not _torchvision_operators_load():
        library = torch_library.Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _DECLARED.append(library)
    import open_clip  # noqa: PLC0415 -- slow import

    return open_clip


def _torchvision_operators_load() -> bool:
    import torch  # noqa: PLC0415 -- slow import

    operators: Any = torch.ops
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return False
    for binary in Path(spec.origin).parent.glob("_C*.so"):
        try:
            operators.load_library(binary)
        except OSError:
            continue
        return True
    return False


def _checked_sha256(path: Path) -> str:
    if not path.is_file():
        raise WeightsError(f"There are no weights at {path}: fetch them with `manage.py weights`.")
    digest = file_sha256(path)
    if path.name == WEIGHTS and digest != WEIGHTS_SHA256:
        raise WeightsError(f"The weights {path} are damaged (sha256 {digest[:12]}…): fetch them anew.")
    return digest


def _from_file(architecture: str, path: Path) -> "torch.nn.Module":
    """Build the visual tower alone, without memory of its own, and let it use the mapped file.

    ``open_clip.create_model`` would fill both towers with random numbers first, and may ask a hub for the
    text tower's configuration.
    """
    import torch  # noqa: PLC0415 -- slow import

    open_clip = import_open_clip()
    from open_clip.model import _build_vision_tower  # noqa: PLC0415 -- slow import

    config = open_clip.get_model_config(architecture)
    vision = config["vision_cfg"]
    if "timm_model_name" in vision:
        vision["timm_model_pretrained"] = False
    with torch.device("meta"):
        visual: torch.nn.Module = _build_vision_tower(
            config["embed_dim"], vision, quick_gelu=config.get("quick_gelu", False)
        )
    try:
        visual.load_state_dict(_visual_state(path), strict=True, assign=True)
    except RuntimeError as error:
        raise WeightsError(f"{path} does not hold the weights of {architecture}.") from error
    return visual.float()


def _visual_state(path: Path) -> "dict[str, torch.Tensor]":
    from safetensors import SafetensorError  # noqa: PLC0415 -- slow import
    from safetensors.torch import load_file  # noqa: PLC0415 -- slow import

    try:
        state: dict[str, torch.Tensor] = load_file(path)
    except SafetensorError as error:
        raise WeightsError(f"{path} is not a whole safetensors file.") from error
    # A file of both towers keeps the visual one under this prefix.
    visual = {
        name.removeprefix("visual."): value for name, value in state.items() if name.startswith("visual.")
    }
    return visual or state


def _preprocess_of(architecture: str, visual: "torch.nn.Module", tag: str) -> Preprocess:
    """Size from the tower; means and way of scaling as published with the pretrained tag."""
    open_clip = import_open_clip()
    published: dict[str, Any] = open_clip.get_pretrained_cfg(architecture, tag)
    size: Any = visual.image_size
    height, width = (size, size) if isinstance(size, int) else size
    mean = published.get("mean") or open_clip.OPENAI_DATASET_MEAN
    std = published.get("std") or open_clip.OPENAI_DATASET_STD
    return Preprocess(
        size=(int(height), int(width)),
        mean=(mean[0], mean[1], mean[2]),
        std=(std[0], std[1], std[2]),
        squash=published.get("resize_mode") == "squash",
    )


def _state_sha256(visual: "torch.nn.Module") -> str:
    """For weights that do not come as one known file: the hash of every tensor, in order of names."""
    digest = hashlib.sha256()
    for name, value in sorted(visual.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _middle(size: tuple[int, int], ratio: float) -> tuple[float, float, float, float]:
    """The largest box of this width to height in the middle of ``size``: left, top, right, bottom."""
    width, height = size
    wide, high = min(width, height * ratio), min(height, width / ratio)
    left, top = (width - wide) / 2, (height - high) / 2
    return left, top, left + wide, top + high
