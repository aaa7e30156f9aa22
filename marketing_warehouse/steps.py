"""Steps: each step of a load by the home's path and the load's id alone, for orchestrators to call.

Schedulers read this module every few seconds, so each step imports what it needs when it runs.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_warehouse.paths import Home

if TYPE_CHECKING:
    from marketing_warehouse.plan import Plan
    from marketing_warehouse.reading import FindConnection


def plan(home: str, through: str | None, interval: tuple[datetime, datetime] | None) -> "Plan":
    """Check the settings and open the journal of a load."""
    from marketing_warehouse.plan import plan as step

    return step(Home(Path(home)), through, interval)


def land(
    home: str, load_id: str, source: str, find_connection: "FindConnection | None" = None
) -> list[str]:
    """Fetch what one source has to tell; return the names of its new deliveries."""
    from marketing_warehouse.config import read_config
    from marketing_warehouse.land import land as step

    at = Home(Path(home))
    return step(at, read_config(at.business_yml), source, load_id, find_connection)


def load(home: str, load_id: str) -> None:
    """Bring everything landed into raw.duckdb."""
    from marketing_warehouse.config import read_config
    from marketing_warehouse.load import load as step

    at = Home(Path(home))
    step(at, read_config(at.business_yml), load_id)


def build(home: str, load_id: str) -> None:
    """Build the candidate, as of the last day that the load was asked to count."""
    from marketing_warehouse.build import build as step
    from marketing_warehouse.config import read_config
    from marketing_warehouse.journal import through_of

    at = Home(Path(home))
    step(at, read_config(at.business_yml), load_id, through_of(at, load_id))


def audit(home: str, load_id: str) -> None:
    """Judge whether the candidate is safe to publish."""
    from marketing_warehouse.audit import audit as step
    from marketing_warehouse.config import read_config

    at = Home(Path(home))
    step(at, read_config(at.business_yml), load_id)


def publish(home: str, load_id: str) -> None:
    """Let readers see the candidate, if its own audit passed."""
    from marketing_warehouse.publish import publish as step

    step(Home(Path(home)), load_id)


def report(home: str, load_id: str, find_connection: "FindConnection | None" = None) -> str | None:
    """Print the report of the last ended period, mail it, keep it; return the new file's name."""
    from marketing_warehouse.config import read_config
    from marketing_warehouse.send_report import send_report as step

    at = Home(Path(home))
    made = step(at, read_config(at.business_yml), load_id, find_connection)
    return str(made) if made else None


def conclude(home: str, load_id: str) -> None:
    """Fail the load, naming what went wrong, if anything did."""
    from marketing_warehouse.conclude import conclude as step

    step(Home(Path(home)), load_id)
