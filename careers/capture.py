"""The template tag `capture`: rendered text as a template variable."""

from django.template import Library
from django.utils.safestring import mark_safe

register = Library()


@register.simple_block_tag
def capture(content):
    """{% capture as title %}…{% endcapture %}: a block's text without outer whitespace, as a variable."""
    return mark_safe(content.strip())  # noqa: S308  rendered by a template, which escaped it
