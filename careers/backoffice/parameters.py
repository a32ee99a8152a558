"""Parameters of URLs in the admin, by allow-list.

Lists answer only their own filters, their search, their order and their pages. Django lets the URL of a
list filter it by any column, with any lookup: the number of rows would tell a user what a column contains
that they may not read (`?accommodation__startswith=a`), and a regular expression could occupy a worker
without end. Forms of new records fill in only the fields that their ModelAdmin names.
"""

from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import IGNORED_PARAMS, PAGE_VAR, ChangeList
from django.core.exceptions import BadRequest, ValidationError

# Search, order, all rows, counts beside the filters, pop-up windows; and the page.
LIST_PARAMETERS = {*IGNORED_PARAMS, PAGE_VAR}


class ListParameterRefused(BadRequest):
    """The URL of a list has a parameter that the list does not answer, or an invalid value of one."""


class AllowListAdmin:
    """Base of every ModelAdmin of the site, also of third-party apps (`BackofficeSite.register`).

    A ModelAdmin may have `initial_parameters`: the fields of a new record that its URL may fill in.
    """

    def get_changelist(self, request, **kwargs):
        return TolerantChangeList

    def get_changelist_instance(self, request):
        if not request.GET.keys() <= LIST_PARAMETERS | self.filter_parameters(request):
            raise ListParameterRefused("parameter of no filter")
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            raise ListParameterRefused("null character")  # PostgreSQL cannot compare with it
        try:
            return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, DisallowedModelAdminToField) as error:
            raise ListParameterRefused("invalid value") from error

    def response_action(self, request, queryset):
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.clean(key, None)
        except ValidationError as error:
            raise BadRequest("key of a row") from error
        return super().response_action(request, queryset)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        refused = request.GET.keys() - {*getattr(self, "initial_parameters", ())}
        return {name: value for name, value in initial.items() if name not in refused}

    def filter_parameters(self, request):
        """The names of the parameters in the links of `list_filter`."""
        names = set()
        for list_filter in self.get_list_filter(request):
            if callable(list_filter):
                names.add(list_filter.parameter_name)
                continue
            path = list_filter if isinstance(list_filter, str) else list_filter[0]
            field = get_fields_from_path(self.model, path)[-1]
            key = f"__{field.target_field.name}" if field.is_relation else ""
            names |= {f"{path}{key}__exact", f"{path}__isnull"}
        return names


class TolerantChangeList(ChangeList):
    """Shows the last page in place of one after it, whose rows may be deleted, and the first before it."""

    def get_results(self, request):
        try:
            super().get_results(request)
        except IncorrectLookupParameters:  # there is no such page
            paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
            self.page_num = 1 if self.page_num < 1 else paginator.num_pages
            super().get_results(request)
