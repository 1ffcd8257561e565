"""California's AB 2013 (Civil Code 3110, 3111): twelve items on the data of a model, told by who trained it.

The law binds developers alone, so only a model, fine-tune or LoRA that the entrant has trained has a sheet.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from submissions import wording
from submissions.models import DisclosedTool, Disclosure, LicenceClass, TrainingItem
from submissions.reports.values import Row

RIGHTS: Promise = _("Copyright, trademark or patent in the data, or wholly in the public domain")
ANSWERS: dict[str, Promise] = {"yes": _("Yes"), "no": _("No")}
ORDER = (
    TrainingItem.SOURCES,
    TrainingItem.PURPOSE,
    TrainingItem.AMOUNT,
    TrainingItem.TYPES,
    None,  # the fifth: rights
    TrainingItem.PURCHASED,
    TrainingItem.PERSONAL,
    TrainingItem.CONSUMER,
    TrainingItem.CLEANING,
    TrainingItem.COLLECTED,
    TrainingItem.FIRST_USED,
    TrainingItem.SYNTHETIC,
)


@dataclass(frozen=True)
class TrainingSheet:
    tool: DisclosedTool

    @property
    def name(self) -> str:
        return wording.tool_name(self.tool)

    @property
    def rows(self) -> list[Row]:
        """Twelve, in the law's order."""
        return [self._row(item) if item else Row("rights", RIGHTS, self._rights) for item in ORDER]

    def as_json(self) -> dict[str, Any]:
        return {"model": self.name, "items": {row.key: row.value for row in self.rows}}

    def _row(self, item: TrainingItem) -> Row:
        told = str(self.tool.training.get(item, ""))
        if item == TrainingItem.SOURCES:
            told = told or self._datasets
        return Row(str(item), item.label, str(ANSWERS.get(told, told)))

    @property
    def _datasets(self) -> str:
        """Where the sheet names no source, what the statement says of the data already."""
        if self.tool.is_fine_tuned:
            return self.tool.fine_tune_words
        return ", ".join(wording.dataset_names(self.tool))

    @property
    def _rights(self) -> str:
        """Of the data that the entrant trained on: a fine-tune's own, not its base's."""
        tool = self.tool
        stated = tool.fine_tune_licence_class if tool.is_fine_tuned else tool.licence_class
        return str(LicenceClass(stated).label) if stated and stated != LicenceClass.UNKNOWN else ""


def training_sheets(disclosure: Disclosure) -> list[TrainingSheet]:
    return [TrainingSheet(tool) for tool in disclosure.tools.all() if tool.is_self_trained]
