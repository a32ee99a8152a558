"""`manage.py carry_out_erasures`: erases the applications whose deletion is due."""

from django.core.management import BaseCommand, CommandError

from careers.applications import erasure


class Command(BaseCommand):
    help = "Permanently erase the applications whose deletion is due. Safe to repeat."

    def handle(self, *, verbosity, **options):
        successes, failures = erasure.carry_out()
        if verbosity:
            self.stdout.write(f"Applications erased: {successes}.")
        # Also after an erasure in the admin, and after a run in which the database was in use.
        is_clean = not erasure.has_recent_erasures() or erasure.truncate_wal()
        if failures:
            raise CommandError(f"Applications that could not be erased: {failures}. See the log.")
        if not is_clean:
            raise CommandError(
                "The database is in use, so its file may still contain erased data."
                " The next run tries again."
            )
