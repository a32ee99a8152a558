"""The folded words of the records that are there already, as they are folded now."""

from django.db import migrations

MODELS = ("hiringstep", "perk", "policy", "testimonial", "value", "video")


def fold(apps, schema_editor):
    for name in MODELS:
        for row in apps.get_model("company", name).objects.iterator():
            row.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("company", "0004_contact_of_applicants")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
