"""What remains of an erased application."""

from django.db import models
from django.utils import timezone

from careers.roles.models import Role


class Erasure(models.Model):
    """An application was erased. It can still be counted; nothing about the person remains."""

    reference = models.CharField(max_length=8, unique=True)
    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+")
    month = models.DateField()  # the first day of the month in which it was received
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["erased_at", "pk"]

    def __str__(self):
        return self.reference
