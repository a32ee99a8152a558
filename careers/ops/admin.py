"""Shows superusers on the admin's start page what keeps the site from working."""

from careers.backoffice.site_status import report_problems

from . import readiness


@report_problems
def problems():
    """The current problems, as `Result` of readiness."""
    return readiness.problems(readiness.recent_results())
