"""What axe-core finds on the page that a browser shows."""

from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCRIPT = Axe().axe_script
# By default axe copies imported style sheets into <style> elements, which the CSP refuses, for a rule that
# is off. The rule for sound that plays by itself needs the media.
# Only the violations leave the browser: axe reports all that passes too, and the driver is slow to read it.
RUN = """async rules => (await axe.run(document, {
    preload: {assets: ["media"]}, resultTypes: ["violations"], rules,
})).violations.map(({id, nodes}) => `${id}: ${nodes.map(node => node.html.slice(0, 160)).join(", ")}`)"""


def violations(page, rules=None):
    """The rules that the page breaks, each as one line with the elements that break it; [] when there is none.

    `rules` changes single rules, as axe's option of the same name. axe is loaded once for each document.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, rules or {})


def violations_on_devices(page):
    """What axe finds on the page, and what does not fit on a laptop or a phone.

    axe is slow, so it runs once: on a laptop for English and on a phone for Japanese, with the light colors
    for one of them and the dark ones for the other. Which one has which depends on the path, so that pages
    with the same template are checked in all four combinations.
    """
    faults = []
    is_english = page.locator("html").get_attribute("lang").startswith("en")
    is_light = is_english == (len(urlsplit(page.url).path) % 2 == 0)
    page.emulate_media(color_scheme="light" if is_light else "dark")
    for size in (PHONE, LAPTOP) if is_english else (LAPTOP, PHONE):
        page.set_viewport_size(size)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{page.url}: wider than {size['width']} px")
    return faults + [
        f"{page.url} {size['width']} px: {violation}" for violation in violations(page)
    ]
