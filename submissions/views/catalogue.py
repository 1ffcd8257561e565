"""The catalogue of models and datasets, with who says so: for everybody whom its facts judge."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from submissions import catalogue
from submissions.models import LicenceClass

LONGEST_QUESTION = 200
CLASSES = dict(LicenceClass.choices)


def page(request: HttpRequest) -> HttpResponse:
    """All that is known, by vendor; with ``q``, what a name, an alias or a misspelling means."""
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    known = catalogue.load()
    context = {
        "asked": asked,
        "found": _meant(asked) if asked else [],
        "vendors": [
            (vendor, [_Shown(one) for one in models]) for vendor, models in known.models_for_choice()
        ],
        "datasets": [_ShownDataset(one) for one in sorted(known.datasets.values(), key=_by_name)],
        "models": len(known.models),
    }
    return render(request, "submissions/catalogue.html", context)


def _by_name(dataset: catalogue.Dataset) -> str:
    return dataset.name.casefold()


def _meant(asked: str) -> "list[_Shown | _ShownDataset]":
    model, dataset = catalogue.resolve(asked), catalogue.resolve_dataset(asked)
    found: list[_Shown | _ShownDataset] = []
    if model.model:
        found.append(_Shown(model.model, model.version))
    else:
        found += [_Shown(one, version) for one, version in model.candidates]
    if dataset.dataset:
        found.append(_ShownDataset(dataset.dataset))
    return found


def _class(value: str) -> str:
    return str(CLASSES.get(value, ""))


class _Shown:
    """A model with its facts in words."""

    def __init__(self, model: catalogue.Model, version: catalogue.Version | None = None) -> None:
        self.model = model
        self.version = version
        self.licence = catalogue.training_licence(model, version)
        self.key = f"model-{model.id}"
        self.name = f"{model.name} {version.name}" if version else model.name

    @property
    def rights(self) -> str:
        return _class(self.licence.licence_class)

    @property
    def facts(self) -> list[tuple[str, str, catalogue.Fact[catalogue.LicenceClass]]]:
        """What the class rests on: this model's own fact, then those of its bases."""
        known = catalogue.load().models
        return [(known[name].name, _class(fact.value), fact) for name, fact in self.licence.facts]

    @property
    def trained_on(self) -> list[str]:
        known = catalogue.load().datasets
        return [known[name].name for name in self.model.trained_on.value]

    @property
    def bases(self) -> list[str]:
        known = catalogue.load().models
        return [known[name].name for name in (*self.model.base, *self.model.family_of)]

    @property
    def answers(self) -> list[tuple[str, catalogue.Fact[catalogue.Answer]]]:
        safe = self.model.safeguards
        return [
            ("opt_out", self.model.opt_out),
            ("resists_fine_tuning", safe.resists_fine_tuning),
            ("watermarks", safe.watermarks),
            ("content_credentials", safe.content_credentials),
        ]


class _ShownDataset:
    """A dataset with its fact in words."""

    def __init__(self, dataset: catalogue.Dataset) -> None:
        self.dataset = dataset
        self.key = f"dataset-{dataset.id}"
        self.name = dataset.name

    @property
    def rights(self) -> str:
        return _class(self.dataset.licence_class.value)
