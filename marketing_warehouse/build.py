"""Build: one `dbt build` from raw.duckdb to a candidate that nobody reads yet."""

import hashlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marketing_warehouse.config import Config, Criterion
from marketing_warehouse.database import plain_errors, require_space
from marketing_warehouse.errors import BuildError, WarehouseError
from marketing_warehouse.history import require_history
from marketing_warehouse.journal import step, write_lock
from marketing_warehouse.paths import PROJECT, Home, environment_for_child
from marketing_warehouse.personal import hash_email, hash_phone
from marketing_warehouse.restated import copy_history

DBT_PROJECT = PROJECT / "dbt_project"
FAILED = ("error", "fail", "runtime error")


def build(home: Home, config: Config, load_id: str, through: date) -> None:
    """Build all models into a new candidate, counting what happened up to the end of a day.

    The candidate is made from nothing each time, so that what a killed build left behind can
    never be read.

    Raises:
        BuildError: a model, or a test of one, failed.
    """
    with step(home, load_id, "build") as entry, write_lock(home):
        if not home.raw.exists():
            raise WarehouseError("Nothing was loaded yet: load a source before building the marts.")
        require_history(home, config, through)
        require_space(home.path, needed=3 * home.raw.stat().st_size)
        with plain_errors(home.candidate):
            _discard_earlier(home)
            copy_history(home)
            results = _run_dbt(
                home, settings(home, config), settings_of_load(config, load_id, through)
            )
        entry.details = results


def settings_of_load(config: Config, load_id: str, through: date) -> dict[str, str]:
    """Return what is different in every load, as environment variables."""
    zone = ZoneInfo(config.business.timezone)
    moment = datetime.combine(through + timedelta(days=1), time(), zone).astimezone(UTC)
    return {
        "WAREHOUSE_AS_OF": through.isoformat(),
        "WAREHOUSE_AS_OF_MOMENT": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "WAREHOUSE_BUILD_ID": load_id,
    }


def settings(home: Home, config: Config) -> dict[str, Any]:
    """Return what dbt has to know of business.yml, by the names of dbt_project.yml."""
    business = {
        "currency": config.business.currency,
        "timezone": config.business.timezone,
        "country": config.business.country or "",
    }
    counting = {"business": business, **_ways_to_count(home, config)}
    # A new name counts nothing otherwise.
    return {
        **counting,
        "business": {"name": config.business.name, **business},
        "settings_sha256": _sha256(counting),
    }


def _ways_to_count(home: Home, config: Config) -> dict[str, Any]:
    return {
        "history_from": config.history_from.isoformat(),
        "completed_orders": config.customer_after.completed_orders,
        "lead_dedup_days": config.kpi.lead_dedup_days,
        "lead_to_customer_days": config.kpi.lead_to_customer_days,
        "first_contact_hours": config.kpi.first_contact_hours,
        "maturity_days": config.kpi.maturity_days,
        "active_customer_days": config.kpi.active_customer_days,
        "lead_events": list(config.lead_events),
        "match_on": list(config.identity.match_on),
        "ignored_identifiers": _ignored(home, config),
        "target_audience": [_criterion(criterion) for criterion in config.target_audience],
        "lead_filter": [_criterion(criterion) for criterion in config.lead_filter],
    }


def _sha256(counting: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(counting, sort_keys=True).encode()).hexdigest()


def _criterion(criterion: Criterion) -> dict[str, str | None]:
    return {
        "name": criterion.name,
        "where": criterion.where,
        "valid_from": criterion.valid_from.isoformat() if criterion.valid_from else None,
        "valid_to": criterion.valid_to.isoformat() if criterion.valid_to else None,
    }


def _ignored(home: Home, config: Config) -> list[str]:
    """Return the ignored identifiers as the marts hold them: ids as they are, the rest hashed.

    What is an e-mail or a phone never goes on as it is: dbt writes down what it is told.
    """
    key = home.hash_key()
    found: set[str] = set()
    for identifier in config.identity.ignore:
        phone = hash_phone(identifier, config.business.country, key)
        email = hash_email(identifier, key) if "@" in identifier else None
        found.add(phone or email or identifier)
    return sorted(found)


def _discard_earlier(home: Home) -> None:
    for database in (home.candidate, home.work):
        for file in (database, Path(f"{database}.wal")):
            file.unlink(missing_ok=True)


def _run_dbt(home: Home, variables: dict[str, Any], of_load: dict[str, str]) -> dict[str, Any]:
    """Run dbt in a process of its own, since in ours it would keep the files locked."""
    target = home.dbt_target
    home.logs.mkdir(parents=True, exist_ok=True)
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "build",
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(target),
        "--log-path",
        str(home.logs),
        "--exclude-resource-types",
        "unit_test",
        "--vars",
        json.dumps(variables),
        "--no-use-colors",
    ]
    environment = environment_for_child(
        {
            "WAREHOUSE_CANDIDATE": str(home.candidate),
            "WAREHOUSE_WORK": str(home.work),
            "WAREHOUSE_RAW": str(home.raw),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            **of_load,
        }
    )
    results_file = target / "run_results.json"
    results_file.unlink(missing_ok=True)
    # The command is ours; what business.yml says goes as one JSON argument, past any shell.
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    (home.logs / "dbt_output.log").write_text(done.stdout + done.stderr)
    if not results_file.exists():
        raise BuildError(f"dbt did not run: {_last_line(done.stdout + done.stderr)}")
    return _read_results(json.loads(results_file.read_text()), done.returncode)


def _read_results(results: dict[str, Any], returncode: int) -> dict[str, Any]:
    """Turn dbt's results into seconds per node; raise the first failure as a sentence."""
    failed = [result for result in results["results"] if result["status"] in FAILED]
    if failed:
        first = failed[0]
        name = first["unique_id"].split(".")[2]
        reason = " ".join((first["message"] or "").split())
        raise BuildError(
            f"The marts were not built, {len(failed)} of {len(results['results'])} parts failed; "
            f"first {name}: {reason}"
        )
    if returncode != 0:
        raise BuildError("dbt ended with an error it did not explain: see logs/dbt_output.log.")
    slowest = sorted(results["results"], key=lambda result: -result["execution_time"])[:10]
    return {
        "parts": len(results["results"]),
        "slowest": {
            result["unique_id"].split(".")[2]: round(result["execution_time"], 2)
            for result in slowest
        },
    }


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."
