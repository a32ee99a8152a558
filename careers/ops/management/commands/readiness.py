"""`manage.py readiness`: prints the state of each subsystem."""

from django.core.management import BaseCommand, CommandError

from careers.ops.readiness import examine, has_errors


class Command(BaseCommand):
    help = "Print the state of each subsystem. Exits with status 1 if any has an error."

    def handle(self, **options):
        results = examine()
        for result in results:
            line = f"{result.state:<8} {result.name:<10} {result.message}"
            self.stdout.write(line.rstrip())
        if has_errors(results):
            raise CommandError("The site is not ready.")
