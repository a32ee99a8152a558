"""The site's table of contents."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from careers import media
from careers.articles.sitemaps import ArticleSitemap
from careers.backoffice import errors
from careers.backoffice import views as backoffice
from careers.bilingual import share_links
from careers.ops import views as operation
from careers.pages import system, views
from careers.pages.sitemaps import PageSitemap
from careers.roles.sitemaps import RoleSitemap

SITEMAPS = {"pages": PageSitemap, "roles": RoleSitemap, "articles": ArticleSitemap}

# In both languages: /en/… and /ja/…
urlpatterns = i18n_patterns(
    path("", views.home, name="home"),
    path("roles/", include("careers.roles.urls")),
    path("", include("careers.applications.urls")),
    path("working-here/", views.working_here, name="working_here"),
    path("hiring/", views.hiring, name="hiring"),
    path("advice/", include("careers.articles.urls")),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("preview/<str:token>/", share_links.preview, name="preview"),
)

# Without a language
urlpatterns += [
    path("", system.root, name="root"),
    path("", include("careers.company.urls")),
    path("media/<str:name>", media.serve, name="media"),
    path("admin/account/", include("careers.backoffice.urls")),
    path("admin/", admin.site.urls),
    path("v1/", include("careers.job_board.urls")),
    path("healthz", system.healthz, name="healthz"),
    path("readyz", operation.readyz, name="readyz"),
    path("sitemap.xml", system.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("sitemap-<slug:section>.xml", system.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", system.robots, name="robots"),
    path("favicon.ico", system.favicon, name="favicon"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler429 = backoffice.too_many_requests  # django-allauth asks for it
handler500 = errors.server_error
