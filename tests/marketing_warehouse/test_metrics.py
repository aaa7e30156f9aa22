"""Metrics: in Prometheus's words, of every business, whatever state it is in."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from marketing_warehouse.metrics import prometheus_text
from marketing_warehouse.paths import Home

LINE = re.compile(r'(?P<name>[a-z_]+)\{(?P<labels>(\w+="[^"]*",?)+)\} (?P<value>-?[0-9.]+)')
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def samples(text: str) -> dict[str, float]:
    """Read Prometheus's text; a line that is neither comment nor sample is an error."""
    found = {}
    for line in text.splitlines():
        if not line.startswith(("# HELP ", "# TYPE ")):
            sample = LINE.fullmatch(line)
            assert sample, line
            found[f"{sample['name']}{{{sample['labels']}}}"] = float(sample["value"])
    return found


def published(home: Home) -> None:
    """Publish by hand: built an hour before noon, through the day before, two sources."""
    home.published.mkdir()
    file = home.published / "marts-20261102T110000Z.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            """
            create schema ops;
            create table ops.settings as
            select timestamp '2026-11-02 11:00:00' as built_at, date '2026-11-01' as as_of;
            create table ops.sources as
            select * from (values
                ('till', 'orders', 12, 10, 2, date '2026-11-01'),
                ('ads "x"', 'ad_spend', null, null, null, null)
            ) as v (source, feed, rows_read, rows_current, rows_quarantined, fresh_until);
            """
        )
    home.marts.symlink_to(file.name)


def step(home: Home, name: str, began: str, seconds: float, outcome: str) -> None:
    folder = home.loads / "20261102T105500Z"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "about.json").write_text(
        json.dumps({"load_id": folder.name, "through": "2026-11-01"})
    )
    entry = {
        "step": name,
        "source": None,
        "started_at": f"2026-11-02T{began}+00:00",
        "ended_at": f"2026-11-02T{began}+00:00",
        "seconds": seconds,
        "outcome": outcome,
    }
    (folder / f"{name}.json").write_text(json.dumps(entry))


def test_a_publication_tells_its_age_and_the_rows_of_its_sources(home: Home) -> None:
    published(home)
    found = samples(prometheus_text({"shop": home}, NOON))
    assert found['warehouse_publication_age_seconds{business="shop"}'] == 3600
    midnight = datetime(2026, 11, 2, tzinfo=UTC).timestamp()
    assert found['warehouse_as_of_timestamp_seconds{business="shop"}'] == midnight
    rows = 'warehouse_source_rows{business="shop",source="till",feed="orders",state="quarantined"}'
    assert found[rows] == 2


def test_a_quote_in_a_name_ends_no_label(home: Home) -> None:
    published(home)
    with duckdb.connect(str(home.marts.resolve())) as connection:
        connection.execute("update ops.sources set rows_read = 1 where feed = 'ad_spend'")
    assert r'source="ads \"x\"",feed="ad_spend",state="read"} 1' in prometheus_text(
        {"a": home}, NOON
    )


def test_a_load_tells_its_outcome_and_the_seconds_of_its_steps(home: Home) -> None:
    step(home, "plan", "10:55:00", 1.5, "ok")
    step(home, "conclude", "10:58:20", 0.25, "failed")
    found = samples(prometheus_text({"shop": home}, NOON))
    assert found['warehouse_load_outcome{business="shop",outcome="failed"}'] == 1
    assert found['warehouse_load_outcome{business="shop",outcome="published"}'] == 0
    assert found['warehouse_load_seconds{business="shop"}'] == 200
    assert found['warehouse_step_seconds{business="shop",step="plan"}'] == 1.5


def test_a_business_that_cannot_be_read_hides_no_other(home: Home, tmp_path: Path) -> None:
    spoiled, older = Home(tmp_path / "spoiled"), Home(tmp_path / "older")
    for unreadable in (spoiled, older):
        unreadable.published.mkdir(parents=True)
        unreadable.marts.symlink_to("marts-x.duckdb")
    (spoiled.published / "marts-x.duckdb").write_text("no database")
    with duckdb.connect(str(older.published / "marts-x.duckdb")) as connection:
        connection.execute("create schema ops")  # without the tables of today
    found = samples(prometheus_text({"spoiled": spoiled, "older": older, "shop": home}, NOON))
    assert found == {
        'warehouse_up{business="spoiled"}': 0,
        'warehouse_up{business="older"}': 0,
        'warehouse_up{business="shop"}': 1,
    }
