"""What visitors search, without the drafts of the other language."""

import careers.searching
from django.db import migrations


def fold(apps, schema_editor):
    for row in apps.get_model("roles", "role").objects.iterator():
        row.save(update_fields=["public_words"])


class Migration(migrations.Migration):
    dependencies = [("roles", "0008_complete")]
    operations = [
        migrations.AddField(
            model_name="role",
            name="public_words",
            field=careers.searching.FoldedField(
                also=("reference_id",), once_public=("title", "summary", "duties")
            ),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
