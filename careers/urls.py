"""The site's table of contents."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from careers import media
from careers.articles.sitemaps import ArticleSitemap
from careers.bilingual import sharing
from careers.desk import views as desk
from careers.pages import machines, views
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
    path("preview/<str:token>/", sharing.preview, name="preview"),
)

# Without a language
urlpatterns += [
    path("", machines.root, name="root"),
    path("", include("careers.company.urls")),
    path("media/<str:name>", media.serve, name="media"),
    path("admin/account/", include("careers.desk.urls")),
    path("admin/", admin.site.urls),
    path("v1/", include("careers.boards.urls")),
    path("healthz", machines.healthz, name="healthz"),
    path("sitemap.xml", machines.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("sitemap-<slug:section>.xml", machines.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("favicon.ico", machines.favicon, name="favicon"),
]

handler400 = machines.bad_request
handler403 = machines.forbidden
handler404 = machines.not_found
handler429 = desk.too_many  # django-allauth asks for it
handler500 = machines.broken
