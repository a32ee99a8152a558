"""Takes screenshots of every public page of the demo company: `make sheet`.

In both languages, at phone and desktop width, light and dark. The screenshots go to var/sheet/;
sheet.png shows all of them side by side. `--readme` takes the two screenshots of the README.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import sync_playwright

from tests.components import Unavailable, chromium, site

ROOT = Path(__file__).resolve().parents[1]
SHEET = ROOT / "var" / "sheet"
DOCS = ROOT / "docs"

LANGUAGES = ("en", "ja")
HEIGHT = {390: 844, 1440: 900}  # of the viewport, by its width, in pixels
SCHEMES = ("light", "dark")
README_BYTES = 250_000

THUMBNAIL = 240, 420  # width and height in pixels; the rest of a long page is cut off
GAP, CAPTION = 16, 18
PAPER, INK = "#e6e7ea", "#17191e"

# Prints the path of one page of each kind. The demo company has no role that is gone (410), so this adds one.
FIND = """
from django.conf import settings
from careers.articles.models import Article
from careers.roles.models import Role

def show(name, record):
    if record:
        language = record.languages[0]
        print(name, record.get_absolute_url(language)[3:], *record.languages)

roles = list(Role.objects.posted())
both = [role for role in roles if len(role.languages) == 2]
show("role", next((role for role in both if not role.is_closed), None))
show("role-closed", next((role for role in both if role.is_closed and not role.is_gone), None))
for code in ("en", "ja"):
    only = (role for role in roles if role.languages == (code,) and not role.is_closed)
    show(f"role-only-{code}", next(only, None))
articles = list(Article.objects.public())
show("article", next((article for article in articles if len(article.languages) == 2), None))

gone = next(role for role in both if role.is_closed)
gone.pk, gone.reference_id = None, f"{gone.reference_id}-gone"
gone.closes_on -= 2 * settings.CLOSED_PAGE_LIFETIME
gone.save()
show("role-gone", gone)
"""
# Prints the error pages that no URL returns.
BREAK = """
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from careers.pages import errors

for code in ("en", "ja"):
    with translation.override(code):
        request = RequestFactory().get(f"/{code}/")
        page = errors.permission_denied(request).content.decode()
        print(page, end="\\0")
print(render_to_string("500.html"), end="\\0")
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--readme", action="store_true", help="take docs/home-en.png and docs/home-ja.png"
    )
    readme = arguments.parse_args().readme
    try:
        path, environment = chromium.find()
    except Unavailable as reason:
        sys.exit(f"No screenshots: {reason}")
    os.environ.update(environment)
    with site.running() as (url, settings), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        if readme:
            photograph_for_readme(browser, url)
        else:
            photograph_everything(browser, url, pages(settings), errors(settings))
        browser.close()


def shell(settings, program):
    """The output of a program that runs in the site's `manage.py shell`."""
    return site.manage(settings, "shell", "--no-imports", "--command", program)


# --- The pages ---------------------------------------------------------------------------------


def pages(settings):
    """Triples of a name, the path after the language prefix, and the languages of every public page."""
    found = [
        ("home", "/"),
        ("openings", "/roles/"),
        ("working-here", "/working-here/"),
        ("hiring", "/hiring/"),
        ("advice", "/advice/"),
        ("privacy", "/privacy/"),
        ("accessibility", "/accessibility/"),
        ("error-404", "/nowhere/"),
    ]
    every = [(name, path, LANGUAGES) for name, path in found]
    for line in shell(settings, FIND).splitlines():
        name, path, *languages = line.split()
        every.append((name, path, languages))
    return every


def errors(settings):
    """Triples of a name, a language and the HTML of the error pages that no URL returns."""
    forbidden_en, forbidden_ja, broken, _ = shell(settings, BREAK).split("\0")
    return [
        ("error-403", "en", forbidden_en),
        ("error-403", "ja", forbidden_ja),
        ("error-500", "en", broken),
    ]


# --- The screenshots ---------------------------------------------------------------------------


def photograph_everything(browser, url, every, errors):
    shutil.rmtree(SHEET, ignore_errors=True)
    SHEET.mkdir(parents=True)
    taken = []
    for width in HEIGHT:
        for scheme in SCHEMES:
            for language in LANGUAGES:
                window = open_window(browser, language, width, scheme)
                for name, path, languages in every:
                    if language in languages:
                        window.goto(f"{url}/{language}{path}")
                        taken.append(photograph(window, name, language, width, scheme))
                for name, code, html in errors:
                    if code == language:
                        show(window, f"{url}/{language}/", html)
                        taken.append(photograph(window, name, language, width, scheme))
                window.context.close()
    print(f"{len(taken)} screenshots in {SHEET.relative_to(ROOT)}/, all on {contact_sheet(taken)}")


def open_window(browser, language, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT[width]},
        color_scheme=scheme,
        locale={"en": "en-US", "ja": "ja-JP"}[language],
        reduced_motion="reduce",
    )
    return context.new_page()


def show(window, address, html):
    """Show HTML as the response of a URL of the site, so that its styles load."""
    window.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
    window.goto(address)
    window.unroute(address)


def photograph(window, name, language, width, scheme):
    """Take the whole page in a viewport of its height, so that sticky elements hide nothing."""
    path = SHEET / f"{name}-{language}-{width}-{scheme}.png"
    window.set_viewport_size({"width": width, "height": HEIGHT[width]})
    if window.locator("video").count():
        window.wait_for_timeout(1000)  # until the spinner over the poster is gone
    high = window.evaluate("document.documentElement.scrollHeight")
    window.set_viewport_size({"width": width, "height": high})
    window.screenshot(path=path)
    return path


def contact_sheet(taken):
    """One image with a row for each page: every language, width and color scheme."""
    rows = {}
    for path in taken:
        name, *variant = path.stem.rsplit("-", 3)
        rows.setdefault(name, {})[tuple(variant)] = path
    variants = sorted({variant for row in rows.values() for variant in row})
    wide, high = THUMBNAIL
    sheet = Image.new(
        "RGB",
        (GAP + len(variants) * (wide + GAP), GAP + len(rows) * (high + CAPTION + GAP)),
        PAPER,
    )
    write, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for down, (name, row) in enumerate(rows.items()):
        for across, variant in enumerate(variants):
            if variant in row:
                left, top = GAP + across * (wide + GAP), GAP + down * (high + CAPTION + GAP)
                write.text((left, top), " ".join((name, *variant)), INK, font)
                sheet.paste(thumbnail(row[variant]), (left, top + CAPTION))
    path = SHEET / "sheet.png"
    sheet.save(path, optimize=True)
    return path.relative_to(ROOT)


def thumbnail(path):
    wide, high = THUMBNAIL
    with Image.open(path) as picture:
        seen = min(picture.height, picture.width * high // wide)
        size = wide, max(1, seen * wide // picture.width)
        return picture.convert("RGB").resize(
            size, Image.Resampling.LANCZOS, (0, 0, picture.width, seen)
        )


def photograph_for_readme(browser, url):
    """The first screen of the home page in each language, with 64 colors to keep the files small."""
    DOCS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        window = open_window(browser, language, 1440, "light")
        window.goto(f"{url}/{language}/")
        path = DOCS / f"home-{language}.png"
        window.screenshot(path=path)
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(64).save(path, optimize=True)
        window.context.close()
        if path.stat().st_size > README_BYTES:
            sys.exit(f"{path.relative_to(ROOT)} has more than {README_BYTES} bytes.")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
