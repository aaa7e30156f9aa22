"""Schedule: what a scheduler asks every few seconds of a business, hence light."""

import contextlib
import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketing_warehouse import config_text
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.paths import Home


def business_timezone(home: Home) -> str:
    """Return the business's zone for a schedule, or UTC while business.yml cannot be read.

    A schedule must exist even then, so that somebody sees the load fail and why.
    """
    try:
        values = config_text.read_config_text(home.business_yml).values
        return ZoneInfo(str(values["business"]["timezone"])).key
    except (ConfigError, OSError, LookupError, TypeError, ValueError, ZoneInfoNotFoundError):
        return "UTC"


def report_is_wanted(home: Home) -> bool:
    """Say whether business.yml asks for a printed report after the load of a period's last day."""
    try:
        section = config_text.read_config_text(home.business_yml).values["report"]
        return bool(section.get("period"))
    except (ConfigError, OSError, LookupError, TypeError, AttributeError):
        return False


def settings_fault(home: Home) -> str:
    """Return what is wrong with business.yml, a line for every problem, or nothing.

    The whole check takes seconds with all that it imports, so what it said is kept in the home
    until the file changes or the rules do.
    """
    state = _state_of(home)
    with contextlib.suppress(OSError, ValueError, KeyError):
        kept = json.loads(home.settings_check.read_text())
        if kept["of"] == state:
            return str(kept["fault"])
    fault = _check(home)
    unfinished = home.settings_check.with_name(f"{home.settings_check.name}.{os.getpid()}")
    with contextlib.suppress(OSError):  # a home that cannot be written is checked each time
        unfinished.write_text(json.dumps({"of": state, "fault": fault}))
        os.replace(unfinished, home.settings_check)
    return fault


def _state_of(home: Home) -> list[list[int]]:
    """Return the size and the moment of change (ns) of business.yml and of the rules for it."""
    files = (home.business_yml, *sorted(Path(__file__).parent.glob("*.py")))
    found = [file.stat() for file in files if file.exists()]
    return [[stat.st_size, stat.st_mtime_ns] for stat in found]


def _check(home: Home) -> str:
    from marketing_warehouse.config import read_config

    try:
        read_config(home.business_yml)
    except ConfigError as error:
        return str(error)
    except OSError as error:
        return f"{home.business_yml.name} cannot be read: {error.strerror}."
    return ""
