"""Panels: features that a ModelAdmin adds to its change form or its list, each in an object of its own.

    class ArticleAdmin(BilingualAdmin):
        panels = (Preview(PAGE), ShareLinks(PAGE), Duplicate(), Order())

`Panel` is the protocol. `PanelAdmin` is the base class that calls every panel of a ModelAdmin in turn.
"""

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.forms import Media


class Panel:
    """One feature. Every method is optional; `model_admin` is the ModelAdmin that has the panel.

    A panel keeps no state between calls, so several ModelAdmins may share one.
    """

    js = ()  # scripts for the change form and the list, as in `class Media`

    def urls(self, model_admin):
        """URL patterns, which go before Django's own; see `careers.revisions.admin_urls`."""
        return []

    # --- The change form ---------------------------------------------------------------------

    def context(self, model_admin, request, obj):
        """Template variables of the change form; `obj` is None in the add form."""
        return {}

    def process_response(self, model_admin, request, obj, response):
        """Change headers or cookies of the response with the change form, before it is rendered."""

    # --- Adding a record ---------------------------------------------------------------------

    def initial(self, model_admin, request):
        """Initial values of the form of a new record: {field name: value}."""
        return {}

    def initial_rows(self, model_admin, request, inline):
        """Initial values of the rows of `inline` in that form: [{field name: value}]."""
        return []

    def after_add(self, model_admin, request, obj):
        """Called after a new record is saved with its rows, inside the same transaction."""

    # --- The list ----------------------------------------------------------------------------

    def list_columns(self, model_admin, request):
        """Columns after all others, as in `list_display`."""
        return []

    def list_context(self, model_admin, request):
        """Template variables of the list."""
        return {}


class PanelAdmin(admin.ModelAdmin):
    """A ModelAdmin with `panels`."""

    panels = ()

    def panel(self, panel_class):
        """The panel of this class, or None."""
        return next((panel for panel in self.panels if isinstance(panel, panel_class)), None)

    @property
    def media(self):
        return sum((Media(js=panel.js) for panel in self.panels), super().media)

    def get_urls(self):
        urls = [url for panel in self.panels for url in panel.urls(self)]
        return [*urls, *super().get_urls()]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        for panel in self.panels:
            context |= panel.context(self, request, obj)
        response = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        for panel in self.panels:
            panel.process_response(self, request, obj, response)
        return response

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        for panel in self.panels:
            initial |= panel.initial(self, request)
        return initial

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and request.method != "POST":
            initial_rows = (panel.initial_rows(self, request, inline) for panel in self.panels)
            kwargs["initial"] = [row for rows in initial_rows for row in rows]
        return kwargs

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        for panel in self.panels:
            panel.after_add(self, request, obj)
        return response

    def panel_columns(self, request):
        """The list columns of all panels, for `get_list_display`: a subclass decides their order."""
        return [column for panel in self.panels for column in panel.list_columns(self, request)]

    def changelist_view(self, request, extra_context=None):
        context = {}
        for panel in self.panels:
            context |= panel.list_context(self, request)
        return super().changelist_view(request, context | (extra_context or {}))


def is_popup(request):
    """Whether the admin shows the form in a pop-up window of another form."""
    return IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST
