"""The folded words of the records that are there already, as they are folded now."""

from django.db import migrations

MODELS = ("department", "location", "role")


def fold(apps, schema_editor):
    for name in MODELS:
        for row in apps.get_model("roles", name).objects.iterator():
            row.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("roles", "0006_shipped_synonyms")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
