"""The generation of the public pages: one number in one row."""

from django.db import models
from django.db.models import F


class Generation(models.Model):
    """A number that grows with every change of a public page. Pages of an older one are stale."""

    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="single_generation")]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """The number now; 0 before the first change."""
        return next(iter(cls.objects.filter(pk=1).values_list("number", flat=True)), 0)

    @classmethod
    def bump(cls) -> None:
        """Make every cached page stale. Inside a transaction this takes effect with its commit."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1)
