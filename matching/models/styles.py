"""The style of portfolios, as far as it is kept. The works' own style vectors are ``WorkVector`` rows."""

from django.db import models

from matching.models.artists import Artist


class PortfolioStyle(models.Model):
    """``matching.engine.style.Portrait`` of an artist's portfolio under one style identity.

    Worked out anew by a task when the portfolio changes, so that no entry waits for it.
    """

    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="styles")
    identity = models.CharField(max_length=120)
    works = models.PositiveIntegerField()
    middle = models.BinaryField()  # half floats, little-endian
    hubness = models.FloatField()
    typical = models.FloatField()
    spread = models.FloatField()
    sample = models.JSONField(default=list)  # WorkVector rows of works that stand for strangers to others
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["identity", "at"], name="portfolio_style_age")]
        constraints = [
            models.UniqueConstraint(fields=["artist", "identity"], name="one_style_a_portfolio"),
            models.CheckConstraint(condition=models.Q(works__gte=8), name="no_style_of_a_few_works"),
        ]

    def __str__(self) -> str:
        return f"{self.artist}: {self.works}"


class StyleFollowed(models.Model):
    """Up to which change of the registry portfolios were worked out, under one style identity."""

    identity = models.CharField(max_length=120, unique=True)
    seen = models.BigIntegerField(default=0)
    complete = models.BooleanField(default=False)  # whether every work was once seen to have its vector

    def __str__(self) -> str:
        return f"{self.identity}: {self.seen}"
