"""Template context of an article's page, for the page and its previews."""


def detail_context(article, language, request):
    """Context of the page of `article` in `language`, which must be the active one."""
    texts = {
        name: getattr(article, f"{name}_{language}") or "" for name in ("title", "summary", "text")
    }
    return {"section": "advice", **texts, "posted_on": article.posted_on(language)}
