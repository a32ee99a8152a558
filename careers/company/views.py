"""The style sheet with the accent color."""

from django.http import HttpResponse

from careers.page_cache.decorators import cache_publicly

from . import theme
from .models import Company


@cache_publicly()
def theme_css(request, digest):
    """The style sheet of the current accent color; uncached at the URL of an earlier color."""
    brand = Company.get().accent
    current = digest == theme.digest(brand)
    cache_control = "public, max-age=31536000, immutable" if current else "no-store"
    return HttpResponse(
        theme.css(brand), content_type="text/css", headers={"Cache-Control": cache_control}
    )
