"""What a reviewer keeps for themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A queue as its reviewer has narrowed it, under a name. Nobody else sees it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_filters"
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(
        max_length=1000, blank=True
    )  # of the queue's address, as ``moderation.saving`` writes it
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_filter_names_differ")]

    def __str__(self) -> str:
        return self.name
