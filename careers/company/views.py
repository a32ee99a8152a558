"""The company's colour."""

from django.http import HttpResponse

from careers.page_cache.decorators import cache_publicly

from . import theme
from .models import Company


@cache_publicly()
def theme_css(request, digest):
    """The style sheet of the accent colour. An address of an older colour gives the present one."""
    brand = Company.get().accent
    current = digest == theme.digest(brand)
    caching = "public, max-age=31536000, immutable" if current else "no-store"
    return HttpResponse(
        theme.css(brand), content_type="text/css", headers={"Cache-Control": caching}
    )
