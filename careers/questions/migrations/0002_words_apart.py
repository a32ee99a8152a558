"""The folded words of the records that are there already, as they are folded now."""

from django.db import migrations

MODELS = ("questionset",)


def fold(apps, schema_editor):
    for name in MODELS:
        for row in apps.get_model("questions", name).objects.iterator():
            row.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("questions", "0001_initial")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
