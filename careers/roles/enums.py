"""Choices for the facts of a role, with fixed labels in both languages.

The conditions are those of the Japanese Employment Security Act, article 5-3, and its ordinance,
article 4-2 (3), in their order and with their fixed terms.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EmploymentType(TextChoices):
    PERMANENT = "permanent", _("Permanent, full-time")
    FIXED_TERM = "fixed_term", _("Fixed term")
    PART_TIME = "part_time", _("Part-time")
    SENIOR_CONTRACT = "senior_contract", _("Contract after retirement")
    AGENCY = "agency", _("Agency worker")
    CONTRACTOR = "contractor", _("Independent contractor")
    INTERN = "intern", _("Internship")


SCHEMA_ORG = {
    EmploymentType.PERMANENT: "FULL_TIME",
    EmploymentType.FIXED_TERM: "TEMPORARY",
    EmploymentType.PART_TIME: "PART_TIME",
    EmploymentType.SENIOR_CONTRACT: "TEMPORARY",
    EmploymentType.AGENCY: "TEMPORARY",
    EmploymentType.CONTRACTOR: "CONTRACTOR",
    EmploymentType.INTERN: "INTERN",
}


class Workplace(TextChoices):
    ON_SITE = "on_site", _("On-site")
    HYBRID = "hybrid", _("Hybrid")
    REMOTE = "remote", _("Remote")


class Level(TextChoices):
    JUNIOR = "junior", _("Junior")
    MID = "mid", pgettext_lazy("level", "Mid-level")
    SENIOR = "senior", _("Senior")
    LEAD = "lead", pgettext_lazy("level", "Lead")
    STAFF = "staff", pgettext_lazy("level", "Staff")
    MANAGER = "manager", _("Manager")


class PayPeriod(TextChoices):
    YEAR = "year", _("per year")
    MONTH = "month", _("per month")
    DAY = "day", _("per day")
    HOUR = "hour", _("per hour")


class Proficiency(TextChoices):
    """Common European Framework of Reference for Languages, or native."""

    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"
    NATIVE = "native", _("native level")


class Smoking(TextChoices):
    """Measures against second-hand smoke, in the terms of the Health Promotion Act."""

    INDOOR_BAN = "indoor_ban", _("No smoking indoors")
    SITE_BAN = "site_ban", _("No smoking on the whole site")
    SMOKING_ROOM = "smoking_room", _("No smoking indoors, except in a smoking room")
    HEATED_ROOM = "heated_room", _("No smoking indoors, except in a room for heated tobacco")
    OUTDOOR_AREA = "outdoor_area", _("No smoking indoors; a smoking area outdoors")
    NONE = "none", _("Smoking permitted")


class Condition(TextChoices):
    """The conditions that a posting in Japan must state, in the order of the law."""

    DUTIES = "duties", _("Duties")
    DUTIES_SCOPE = "duties_scope", _("Possible changes to duties")
    TERM = "term", _("Contract term")
    PROBATION = "probation", _("Probation")
    RENEWAL = "renewal", _("Renewal of the contract")
    LOCATION = "location", _("Place of work")
    LOCATION_SCOPE = "location_scope", _("Possible changes to the place of work")
    HOURS = "hours", _("Working hours")
    OVERTIME = "overtime", _("Overtime")
    BREAKS = "breaks", _("Breaks")
    DAYS_OFF = "days_off", _("Days off")
    DISCRETIONARY = "discretionary", _("Discretionary working hours")
    PAY = "pay", _("Pay")
    FIXED_OVERTIME = "fixed_overtime", _("Fixed overtime pay")
    INSURANCE = "insurance", _("Social insurance")
    EMPLOYER = "employer", _("Employer")
    DISPATCH = "dispatch", _("Work as a temporary agency worker")
    SMOKING = "smoking", _("Smoke-free measures")


# Required only where they apply; all others are required in every posting in Japan.
CONDITIONAL = {
    Condition.RENEWAL,
    Condition.DISCRETIONARY,
    Condition.FIXED_OVERTIME,
    Condition.DISPATCH,  # stated by the employment type
}
# Nothing else in a role tells whether these apply.
IF_APPLICABLE = (Condition.DISCRETIONARY, Condition.FIXED_OVERTIME)
