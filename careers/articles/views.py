"""Interview advice: the list and one article."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from careers.languages import language_context, redirect_to_available_language
from careers.page_cache.decorators import cache_publicly

from .context import detail_context
from .models import Article

ONLY_NOTE = {
    "en": _("This article is published in English only."),
    "ja": _("This article is published in Japanese only."),
}


@cache_publicly()
def index(request):
    """The list of articles, each in the language of the page or else in the other one."""
    entries = [article.entry(get_language()) for article in Article.objects.public()]
    context = {"section": "advice", "current": "page", "entries": entries}
    return render(request, "articles/index.html", context)


@cache_publicly()
def detail(request, pk, slug):
    """One article. Other slugs redirect to its canonical URL."""
    article = Article.objects.public().filter(pk=pk).first()
    if not article:
        raise Http404
    language = get_language()
    if language not in article.languages:
        return redirect_to_available_language(request, article.languages)
    url = article.get_absolute_url(language)
    if request.path != url:  # another slug, or leading zeros before the primary key
        return redirect(url, permanent=True)
    context = {
        **language_context(
            article.languages, only_note=ONLY_NOTE, list_path=reverse("articles:index")
        ),
        **detail_context(article, language, request),
    }
    return render(request, "articles/detail.html", context)
