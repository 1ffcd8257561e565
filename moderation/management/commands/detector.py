"""Train, measure and question the detector: ``detector train|calibrate|evaluate|explain|shadow``."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matching.encoding import encoder
from matching.engine.images import PictureError, open_picture
from matching.engine.weights import WeightsError
from moderation.detector import (
    Band,
    HeadError,
    Judgement,
    Medium,
    judge_encoded,
    manifest,
    opinions,
    training,
)
from moderation.detector.calibration import (
    CALIBRATION_FILE,
    DEFAULT_BUDGET,
    Calibration,
    load_calibration,
    with_crops,
)
from moderation.detector.evaluation import ablation, beside, measure, plots, report
from moderation.detector.explain import explain
from moderation.detector.features import FeatureStore
from moderation.detector.head import HEAD_FILE, Head, load_head
from moderation.detector.manifest import Manifest, ManifestError
from moderation.detector.views import PERTURBATIONS
from moderation.estimates import card, shadow


class Command(BaseCommand):
    help = "Train, calibrate or measure the detector on a list of labelled pictures."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        train = acts.add_parser("train", help="learn a head from the pictures and calibrate it")
        calibrate = acts.add_parser(
            "calibrate", help="calibrate the head anew, on the pictures it was trained on"
        )
        evaluate = acts.add_parser("evaluate", help="measure the head on makers that it was not trained on")
        for act in (train, calibrate, evaluate):
            act.add_argument("manifest", nargs="?", type=Path, default=_default_manifest())
            act.add_argument("--head", type=Path, default=HEAD_FILE, help="the head's file")
            act.add_argument(
                "--calibration", type=Path, default=CALIBRATION_FILE, help="the calibration's file"
            )
        for act in (calibrate, evaluate):
            act.add_argument(
                "--crops", type=int, default=0, help="native crops beside the whole, one pass each"
            )
        evaluate.add_argument("--budget", type=int, default=DEFAULT_BUDGET, help="of 1,000 human works")
        evaluate.add_argument(
            "--perturbed",
            type=int,
            default=200,
            help="measure alterations on half as many human, a fifth as many generated pictures",
        )
        evaluate.add_argument(
            "--ablation", action="store_true", help="compare what was tried instead, by one protocol"
        )
        evaluate.add_argument(
            "--beside", type=Path, help="another detector's scores of the same pictures: CSV, file and score"
        )
        evaluate.add_argument("--plots", type=Path, help="a folder to draw plots into")
        evaluate.add_argument("--json", action="store_true", help="print JSON instead of tables")
        evaluate.add_argument(
            "--card", action="store_true", help="renew what the model card's page shows, in the source tree"
        )
        explain = acts.add_parser("explain", help="judge one picture and say where it sees what it sees")
        explain.add_argument("file", type=Path)
        explain.add_argument("--medium", choices=[medium.value for medium in Medium])
        explain.add_argument("--budget", type=int, default=DEFAULT_BUDGET, help="of 1,000 human works")
        shadow = acts.add_parser(
            "shadow", help="which open and past cases would another head judge differently?"
        )
        shadow.add_argument("--head", type=Path, required=True, help="the other head's file")
        shadow.add_argument("--calibration", type=Path, required=True, help="its calibration's file")
        shadow.add_argument("--contest", help="only this contest, by its address")
        shadow.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        asked: dict[str, Callable[[dict[str, Any]], None]] = {
            "explain": self._explain,
            "shadow": self._shadow,
        }
        if options["act"] in asked:
            try:
                asked[options["act"]](options)
            except (HeadError, WeightsError, PictureError, OSError) as error:
                raise CommandError(str(error)) from error
            return
        if options["manifest"] is None:
            raise CommandError(
                "Name a list of labelled pictures (CSV): the shared one is not on this machine."
            )
        acts: dict[str, Callable[[Manifest, dict[str, Any]], None]] = {
            "train": self._train,
            "calibrate": self._calibrate,
            "evaluate": self._evaluate,
        }
        try:
            acts[options["act"]](manifest.read(options["manifest"]), options)
        except (ManifestError, HeadError, WeightsError, PictureError) as error:
            raise CommandError(str(error)) from error

    def _train(self, pictures: Manifest, options: dict[str, Any]) -> None:
        with Bar() as bar:
            seen = training.see(pictures, _store(), progress=bar)
        self.stderr.write("training")
        head = training.train(seen)
        _write(options["head"], head.to_bytes())
        self._write_calibration(head, seen, training.RECIPE, options)

    def _calibrate(self, pictures: Manifest, options: dict[str, Any]) -> None:
        head = load_head(options["head"])
        if head.manifest != pictures.sha256:
            raise CommandError(
                "The head was trained on another list: calibrate it on its own, or train anew."
            )
        recipe = replace(training.RECIPE, crops=options["crops"])
        with Bar() as bar:
            seen = training.see(pictures, _store(), recipe, bar)
        self._write_calibration(head, seen, recipe, options)

    def _write_calibration(
        self, head: Head, seen: training.Seen, recipe: training.Recipe, options: dict[str, Any]
    ) -> None:
        self.stderr.write("calibrating on makers held out")
        calibration = training.calibrated(head, seen, training.out_of_fold(seen, recipe), recipe)
        file = with_crops(options["calibration"], recipe.crops)
        _write(file, calibration.to_bytes())
        self.stdout.write(f"{options['head']} {head.sha256}")
        self.stdout.write(f"{file} {calibration.sha256}")

    def _evaluate(self, pictures: Manifest, options: dict[str, Any]) -> None:
        if options["ablation"]:
            with Bar() as bar:
                rows = ablation.table(pictures, _store(), progress=bar)
            if options["card"]:
                card.write_tried(rows, load_head(options["head"]))
            self.stdout.write(report.ablation(rows))
            return
        head, calibration = _installed(options)
        with Bar() as bar:
            result = measure.measure(
                pictures,
                _store(),
                head,
                calibration,
                budget=options["budget"],
                perturbations=PERTURBATIONS if options["perturbed"] else (),
                perturbed=options["perturbed"],
                others=beside.read(options["beside"]) if options["beside"] else None,
                progress=bar,
            )
        if options["plots"]:
            for path in plots.draw(result, options["plots"]):
                self.stderr.write(str(path))
        if options["card"]:
            card.write(result)
            for path in plots.draw(result, Path(settings.BASE_DIR) / "static" / "detector"):
                self.stderr.write(str(path))
        self.stdout.write(json.dumps(result.as_json()) if options["json"] else report.tables(result))

    def _explain(self, options: dict[str, Any]) -> None:
        picture = open_picture(options["file"])
        encoded = encoder().encode([picture])
        judged = judge_encoded(
            picture,
            encoded,
            encoder(),
            budget=options["budget"],
            medium=Medium(options["medium"]) if options["medium"] else None,
        )
        self.stdout.write(f"{judged.band}: {words(judged)}")
        for name, value in judged.as_json().items():
            self.stdout.write(f"  {name}: {value}")
        found = explain(picture.pixels, encoder())
        if found is not None:
            self.stdout.write("where, each part judged by itself (advisory, no promise holds for parts):")
            for line in found.cells():
                self.stdout.write("  " + "  ".join(f"{score:.2f}" for score in line))
        for opinion in opinions.ask(picture.pixels):
            said = opinion.problem if opinion.score is None else f"{opinion.score:.2f}"
            self.stdout.write(f"second opinion, {opinion.by}: {said}")

    def _shadow(self, options: dict[str, Any]) -> None:
        head, calibration = _installed(options)
        with Bar() as bar:
            flips, looked = shadow.flips(head, calibration, contest=options["contest"], progress=bar)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(flip) for flip in flips]))
            return
        self.stdout.write(f"{looked} pictures looked at; {len(flips)} would be judged differently.")
        for line in shadow.table(flips):
            self.stdout.write(line)


class Bar:
    """A progress bar on stderr for each view of the pictures."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._view = ""

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, view: str, done: int, total: int) -> None:
        if self._bar is None or view != self._view:
            self.__exit__()
            self._bar, self._view = tqdm(desc=f"features, {view}", total=total, unit=""), view
        self._bar.n = done
        self._bar.refresh()


def words(judged: Judgement) -> str:
    """What the estimate means, in one sentence."""
    if judged.score is None:
        return "nothing could be measured."
    if judged.band == Band.SIGNS:
        return (
            f"of 1,000 human works taken for {judged.medium}, at most {judged.budget} score as high."
            " It is no proof."
        )
    if judged.band == Band.NO_SIGN:
        return f"below the score under which few generated pictures lie; taken for {judged.medium}."
    return f"silent ({judged.reason}); taken for {judged.medium}."


def _default_manifest() -> Path | None:
    path = Path(settings.BASE_DIR).parent / "shared" / "data" / "images" / "labels.csv"
    return path if path.is_file() else None


def _store() -> FeatureStore:
    return FeatureStore(Path(settings.CACHE_DIR), encoder())


def _installed(options: dict[str, Any]) -> tuple[Head, Calibration]:
    file = with_crops(options["calibration"], options.get("crops", 0))
    head, calibration = load_head(options["head"]), load_calibration(file)
    if calibration.head != head.sha256:
        raise HeadError("The calibration belongs to another head: calibrate anew.")
    return head, calibration


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_bytes(data)
    unfinished.replace(path)
