"""`manage.py render_social_cards`: draws the default social card in each language, for the repository."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import pgettext

from careers import social_cards
from careers.company import theme
from careers.company.models import Company
from careers.languages import LANGUAGES


class Command(BaseCommand):
    help = "Render static/img/card.en.png and card.ja.png with the font in CARD_FONT."

    def handle(self, *args, **options):
        if not settings.CARD_FONT:
            raise CommandError("Set CARD_FONT to a font with Japanese glyphs, then run this again.")
        brand = Company._meta.get_field("accent").default
        for language in LANGUAGES:
            with translation.override(language):
                title = pgettext("name of the site", "Careers")
            card = social_cards.SocialCard(title, "", "", brand, theme.text_color(brand))
            path = settings.BASE_DIR / "static/img" / f"card.{language}.png"
            path.write_bytes(social_cards.render(card, settings.CARD_FONT))
            self.stdout.write(str(path))
