"""One row, one number. Whoever keeps pages asks it whether they are still true."""

from django.db import models
from django.db.models import F


class Generation(models.Model):
    """The generation of all public pages. Nobody lists addresses to purge: everything is new at once."""

    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_generation")]

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        """The number now; pages made under another one are old."""
        return cls.objects.values_list("number", flat=True).filter(pk=1).first() or 0

    @classmethod
    def bump(cls):
        """Make every kept page old. Inside a transaction it becomes true when that is committed."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1)
