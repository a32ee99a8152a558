"""When the worker, a backup and other tasks last ran, for all processes of the site."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone


class LastRunQuerySet(models.QuerySet):
    def record(self, task, host=""):
        """Store the present time as the last run of a task."""
        with transaction.atomic():
            self.update_or_create(task=task, host=host, defaults={"at": timezone.now()})

    def claim(self, task, interval):
        """Whether the task is to run now, because its last run was longer ago than `interval`.

        It is recorded as a run, so that of several processes only one gets True.
        """
        now = timezone.now()
        row, is_first = self.get_or_create(task=task, host="", defaults={"at": now})
        # A time in the future was recorded while the clock was wrong.
        old = Q(at__lte=now - interval) | Q(at__gt=now)
        return is_first or bool(self.filter(old, pk=row.pk).update(at=now))

    def last_at(self, task):
        """When a task last ran on any host; None if it never has."""
        return self.filter(task=task).aggregate(at=models.Max("at"))["at"]


class LastRun(models.Model):
    """The last run of a task. Each worker has a row of its own, with the name of its host."""

    class Task(models.TextChoices):
        WORKER = "worker"  # a heartbeat
        BACKUP = "backup"
        PROBLEM_REPORT = "report"
        DATABASE_PROBE = "probe"  # written to find out whether the database can be written to

    task = models.CharField(max_length=6, choices=Task)
    host = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()

    objects = LastRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "host"], name="ops_lastrun_unique_task")
        ]

    def __str__(self):
        return f"{self.task} {self.host}".strip()
