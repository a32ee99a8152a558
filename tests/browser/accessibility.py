"""What axe-core finds on the page that a browser shows."""

from axe_playwright_python.sync_playwright import Axe

# A laptop with light colors and a phone with dark ones.
DEVICES = (({"width": 1280, "height": 900}, "light"), ({"width": 390, "height": 844}, "dark"))
SCRIPT = Axe().axe_script
# By default axe copies imported style sheets into <style> elements, which the CSP refuses, for a rule that
# is off. The rule for sound that plays by itself needs the media.
# Only the violations leave the browser: axe reports all that passes too, and the driver is slow to read it.
RUN = """async options => (await axe.run(document, {
    preload: {assets: ["media"]}, resultTypes: ["violations"], ...options,
})).violations.map(({id, nodes}) => `${id}: ${nodes.map(node => node.html.slice(0, 160)).join(", ")}`)"""


def violations(page, rules=None, tags=None):
    """The rules that the page breaks, each as one line with the elements that break it; [] when there is none.

    `rules` changes single rules, as axe's option of the same name; `tags` runs only rules with these tags.
    axe is loaded once for each document.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, {"rules": rules or {}, **({"runOnly": tags} if tags else {})})


def violations_by_scheme(page):
    """What axe finds on the page with light and with dark colors: a color scheme changes nothing but colors."""
    for scheme, tags in (("light", None), ("dark", ["cat.color"])):
        page.emulate_media(color_scheme=scheme)
        yield from (f"{scheme}: {violation}" for violation in violations(page, tags=tags))


def violations_on_devices(page, contrast=True):
    """What axe finds on the page as it is, on a laptop and on a phone; and what does not fit on them.

    The rule about contrast takes most of the time. A test that opens a page of the admin in both
    languages may leave it out in English: the colors are the same, and Japanese headings are smaller.
    """
    rules = {"color-contrast": {"enabled": contrast}}
    faults = []
    for size, scheme in DEVICES:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        faults += [f"{page.url} {scheme}: {violation}" for violation in violations(page, rules)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{page.url}: wider than {size['width']} px")
    return faults
