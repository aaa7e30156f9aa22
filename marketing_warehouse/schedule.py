"""Schedule: what a DAG must know of business.yml; light, because schedulers ask often."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketing_warehouse.config_text import read_config_text
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.paths import Home


def business_timezone(home: Home) -> str:
    """Return the business's zone for a schedule, or UTC while business.yml cannot be read.

    A schedule must exist even then, so that somebody sees the load fail and why.
    """
    try:
        values = read_config_text(home.business_yml).values
        return ZoneInfo(str(values["business"]["timezone"])).key
    except (ConfigError, OSError, LookupError, TypeError, ValueError, ZoneInfoNotFoundError):
        return "UTC"


def report_is_wanted(home: Home) -> bool:
    """Say whether business.yml asks for a printed report after the load of a period's last day."""
    try:
        section = read_config_text(home.business_yml).values["report"]
        return bool(section.get("period"))
    except (ConfigError, OSError, LookupError, TypeError, AttributeError):
        return False
