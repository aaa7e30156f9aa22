"""Report settings: who may see the report, and which report is made after a load by itself."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationError, model_validator

from marketing_warehouse.config_text import read_config_text
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.sections import Section, Text, not_allowed, one_or_more, refuse

ADDRESS = re.compile(r"[^@\s*,;<>\"]+@[^@\s*,;<>\"]+\.[^@\s*,;<>\"]+")
WHOLE_DOMAIN = "*@"

Grain = Literal["day", "week", "month", "quarter", "year"]


class Role(StrEnum):
    """What a person may see, the most trusted first."""

    OWNER = "owner"  # everything
    ANALYST = "analyst"  # everything, SQL included
    VIEWER = "viewer"  # the numbers, but no SQL and no list of single leads


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise not_allowed("an e-mail address such as ana@example.com")
    return text.lower()


def _address_or_domain(text: str) -> str:
    anyone = f"anyone@{text.removeprefix(WHOLE_DOMAIN)}" if text.startswith(WHOLE_DOMAIN) else text
    if not ADDRESS.fullmatch(anyone):
        raise not_allowed(
            "an e-mail address such as ana@example.com, or a whole domain such as '*@example.com'"
        )
    return text.lower()


Address = Annotated[Text, AfterValidator(_address)]
Addresses = Annotated[tuple[Address, ...], BeforeValidator(one_or_more)]
People = Annotated[
    tuple[Annotated[Text, AfterValidator(_address_or_domain)], ...], BeforeValidator(one_or_more)
]


class Roles(Section):
    """Who has which role, by the e-mail address that the sign-in vouches for."""

    owner: People = ()
    analyst: People = ()
    viewer: People = ()

    @model_validator(mode="after")
    def _one_role_each(self) -> "Roles":
        named = [
            (role.value, place, person)
            for role in Role
            for place, person in enumerate(getattr(self, role.value))
        ]
        people = [person for _, _, person in named]
        refuse(
            ((role, place), person, "each address or domain once, under one role")
            for position, (role, place, person) in enumerate(named)
            if person in people[:position]
        )
        return self

    def of(self, address: str) -> Role | None:
        """Return a person's role: what their own address says goes before their domain's."""
        own = address.strip().lower()
        whole_domain = WHOLE_DOMAIN + own.rpartition("@")[2]
        for wanted in (own, whole_domain):
            for role in Role:
                if wanted in getattr(self, role.value):
                    return role
        return None


class ReportSettings(Section):
    """What business.yml says about the report; without `period` none is made by itself."""

    roles: Roles = Roles()
    period: Grain | None = None
    language: Literal["en", "ro"] = "en"
    store: Text = "reports"
    mail_to: Addresses = ()

    @model_validator(mode="after")
    def _mail_needs_a_period(self) -> "ReportSettings":
        if self.mail_to and self.period is None:
            refuse([(("mail_to",), self.mail_to, "recipients only beside a `period` to report on")])
        return self


def read_report_settings(business_yml: Path) -> ReportSettings:
    """Read the section `report` alone: a page needs it often, and nothing else of the file.

    Raises:
        ConfigError: the file or this section of it cannot be used.
    """
    values = read_config_text(business_yml).values
    section = values.get("report") if isinstance(values, dict) else None
    try:
        return ReportSettings.model_validate(section or {})
    except ValidationError:
        raise ConfigError(
            f"The section `report` of {business_yml.name} cannot be used: "
            "`warehouse validate` says why."
        ) from None
