"""The name of the job board; a company that is there already has it from its English name, too."""

from django.db import migrations, models
from django.utils.text import slugify


def name(apps, schema_editor):
    for company in apps.get_model("company", "Company").objects.all():
        company.board_token = slugify(company.name_en or "")[:40].strip("-") or "careers"
        company.save(update_fields=["board_token"])


class Migration(migrations.Migration):
    dependencies = [("company", "0005_words_apart")]
    operations = [
        migrations.AddField(
            model_name="company",
            name="board_token",
            field=models.SlugField(
                blank=True,
                db_index=False,
                default="",
                help_text="Other programs read your openings at /v1/boards/ followed by this name. Made from the English name if you leave it empty. Whoever reads them has to be told if it changes.",
                max_length=40,
                verbose_name="name of the job board",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(name, migrations.RunPython.noop),
    ]
