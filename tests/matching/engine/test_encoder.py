import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.engine.cache import FeatureCache
from matching.engine.encoder import Encoder, EncoderSettings, load_encoder
from matching.engine.images import open_picture, to_jpeg
from matching.engine.weights import WEIGHTS, WEIGHTS_SHA256, WeightsError
from tests.pictures import as_file, bundled, draw, save

NAMES = ("astronaut", "coffee", "chelsea", "rocket")


def test_one_pass_gives_everything_in_its_shape(encoder: Encoder) -> None:
    encoded = encoder.encode([bundled(name) for name in NAMES])

    assert encoded.embedding.shape == (4, 512)
    assert encoded.class_tokens.shape == (4, 12, 768)
    assert encoded.patches.shape == (4, 768)
    for values in (encoded.embedding, encoded.class_tokens, encoded.patches):
        assert values.dtype == np.float32
    assert np.linalg.norm(encoded.embedding, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(encoded.patches, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_last_class_token_leads_to_the_embedding(encoder: Encoder) -> None:
    import torch

    encoded = encoder.encode([bundled("coffee")])
    tower: Any = encoder._visual

    with torch.inference_mode():
        projected = tower.ln_post(torch.from_numpy(encoded.class_tokens[:, -1])) @ tower.proj

    unit = projected / projected.norm(dim=-1, keepdim=True)
    assert unit.numpy() == pytest.approx(encoded.embedding, abs=1e-4)


def test_a_saved_again_picture_stays_near_and_another_does_not(encoder: Encoder) -> None:
    pictures = [open_picture(as_file(bundled(name))) for name in NAMES]
    again = [open_picture(to_jpeg(picture, max_side=400, quality=75)) for picture in pictures]

    likeness = encoder.encode(pictures).embedding @ encoder.encode(again).embedding.T

    assert np.diag(likeness).min() > 0.95
    assert likeness[~np.eye(4, dtype=bool)].max() < 0.75


def test_batches_do_not_change_the_result(models_dir: Path, encoder: Encoder) -> None:
    pixels = [draw(seed, 200, 150) for seed in range(5)]
    one_by_one = Encoder(EncoderSettings(weights=str(models_dir), batch=1))

    together, apart = encoder.encode(pixels), one_by_one.encode(pixels)

    assert together.embedding == pytest.approx(apart.embedding, abs=1e-5)
    assert len(encoder.encode([])) == 0


def test_the_identity_names_architecture_weights_and_preprocessing(encoder: Encoder) -> None:
    assert encoder.identity == f"ViT-B-16-quickgelu:{WEIGHTS_SHA256[:12]}:p1"
    assert (encoder.dimension, encoder.input_size) == (512, (224, 224))


def test_an_encoder_is_loaded_once(models_dir: Path, encoder: Encoder) -> None:
    assert load_encoder(EncoderSettings(weights=str(models_dir), threads=2)) is encoder


def test_missing_damaged_and_foreign_weights_are_named(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    with pytest.raises(WeightsError, match=r"manage\.py weights"):
        Encoder(EncoderSettings(weights=str(tmp_path)))

    (tmp_path / WEIGHTS).write_bytes(b"torn")
    with pytest.raises(WeightsError, match="damaged"):
        Encoder(EncoderSettings(weights=str(tmp_path)))

    (tmp_path / "own.safetensors").write_bytes(b"torn")
    with pytest.raises(WeightsError, match="whole safetensors"):
        Encoder(EncoderSettings(weights=str(tmp_path / "own.safetensors")))

    save_file({"proj": np.zeros((2, 2), np.float32)}, tmp_path / "own.safetensors")
    with pytest.raises(WeightsError, match="does not hold"):
        Encoder(EncoderSettings(weights=str(tmp_path / "own.safetensors")))

    with pytest.raises(WeightsError, match="no architecture"):
        Encoder(EncoderSettings(weights=str(tmp_path), architecture="ViT-Z-99"))


@pytest.mark.parametrize(
    ("architecture", "embedding", "tokens"),
    [("ViT-S-32-alt", 256, (12, 384)), ("ViT-B-16-SigLIP", 768, (12, 768))],
)
def test_other_architectures_are_a_setting_away(
    tmp_path: Path, architecture: str, embedding: int, tokens: tuple[int, int]
) -> None:
    """With random weights: shapes and the file's way are what is tried here."""
    import torch
    from safetensors.torch import save_file

    from matching.engine.tower import import_open_clip

    torch.manual_seed(0)
    whole = import_open_clip().create_model(architecture, load_weights=False)
    state = {f"visual.{name}": value.clone() for name, value in whole.visual.state_dict().items()}
    save_file(state | {"logit_scale": torch.ones(1)}, tmp_path / "own.safetensors")

    other = Encoder(EncoderSettings(weights=str(tmp_path / "own.safetensors"), architecture=architecture))

    encoded = other.encode([draw(1), draw(2)])
    assert encoded.embedding.shape == (2, embedding)
    assert encoded.class_tokens.shape == (2, *tokens)
    assert other.identity.startswith(f"{architecture}:")


def test_loading_pages_do_not_load_torch() -> None:
    script = "import matching.engine.encoder, matching.engine.images, matching.engine.index, sys;"
    script += "print(sorted({'torch', 'open_clip', 'faiss', 'onnx', 'pillow_heif'} & set(sys.modules)))"

    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "[]"


def test_a_forked_worker_builds_its_own_encoder(models_dir: Path, tmp_path: Path) -> None:
    """Written as a script: a test process that has torch's threads already must not fork."""
    script = f"""
import os, sys
from matching.engine.encoder import EncoderSettings, load_encoder
from tests.pictures import draw
child = os.fork()
encoder = load_encoder(EncoderSettings(weights={str(models_dir.resolve())!r}, threads=2))
assert encoder.encode([draw(1, 64, 64)]).embedding.shape == (1, 512)
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""

    result = subprocess.run([sys.executable, "-c", script], env=os.environ, timeout=120, check=False)

    assert result.returncode == 0


def test_the_cache_gives_the_encoders_answer_and_survives_torn_files(
    encoder: Encoder, tmp_path: Path
) -> None:
    files = [save(draw(seed, 120, 90), tmp_path / f"{seed}.png") for seed in range(3)]
    cache = FeatureCache(tmp_path / "cache", encoder)
    heard: list[tuple[int, int]] = []

    first = cache.encode_files(files, progress=lambda done, total: heard.append((done, total)))
    stored = sorted((tmp_path / "cache").rglob("*.npz"))
    stored[0].write_bytes(b"torn")
    second = cache.encode_files(files)

    direct = encoder.encode([draw(seed, 120, 90) for seed in range(3)])
    assert len(stored) == 3
    assert heard[-1] == (3, 3)
    assert first.embedding == pytest.approx(direct.embedding, abs=1e-3)
    assert second.class_tokens == pytest.approx(direct.class_tokens, abs=2e-2)
