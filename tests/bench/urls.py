"""The site's URLs, and an unmodified Django admin for comparison."""

from django.contrib import admin
from django.urls import path

from careers.roles.models import RemoteCountry, Role, RoleCondition, RoleLanguage, RoleLocation
from careers.urls import urlpatterns as careers


def _rows(model):
    fields = {"model": model, "extra": 0, "exclude": model.translated()}
    return type(model.__name__, (admin.StackedInline,), fields)


class StockRole(admin.ModelAdmin):
    change_form_template = "admin/change_form.html"  # Django's own, not ours with the app's name
    exclude = Role.translated()  # the translated fields; their two columns are shown
    inlines = [_rows(model) for model in (RoleLocation, RemoteCountry, RoleLanguage, RoleCondition)]


stock = admin.AdminSite(name="stock")
stock.register(Role, StockRole)

urlpatterns = [path("stock/", stock.urls), *careers]
