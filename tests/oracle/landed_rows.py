"""Read what was landed in a home as rows of text for the oracle, dates and decimals spelled ISO."""

import json
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq

from marketing_warehouse.paths import Home
from tests.oracle.casting import FEEDS, Feed
from tests.oracle.feed_rows import TextRow


def landed_feeds(home: Home) -> tuple[dict[str, list[TextRow]], dict[str, str], dict[str, str]]:
    """Return the landed rows by feed, and of each source the namespace and zone that it names."""
    feeds: dict[str, list[TextRow]] = {}
    ids: dict[str, str] = {}
    zones: dict[str, str] = {}
    for name, feed in FEEDS.items():
        files = sorted((home.landing / name).glob("*/*.parquet"), key=lambda file: file.name)
        feeds[name] = []
        for number, file in enumerate(files):
            table = pq.read_table(file)
            delivery = json.loads(table.schema.metadata[b"delivery"])
            source = delivery["source"]
            ids[source] = delivery["ids"] or ""
            zones[source] = delivery["options"]["timezone"]
            feeds[name] += [
                {**_spelled(feed, row, delivery["options"]), "_source": source, "_delivery": number}
                for row in table.to_pylist()
            ]
    return feeds, ids, zones


def _spelled(feed: Feed, row: TextRow, options: dict[str, Any]) -> TextRow:
    spelled = dict(row)
    for column in (*feed.amounts, *feed.counts):
        if spelled[column]:
            plain = spelled[column].replace(options["thousands"] or "", "")
            spelled[column] = plain.replace(options["decimal"], ".")
    for column in feed.moments:
        spelled[column] = _iso(spelled[column], options["date_format"], "seconds")
    for column in feed.dates:
        spelled[column] = _iso(spelled[column], options["date_format"], "")
    return spelled


def _iso(text: str | None, formats: list[str], timespec: str) -> str | None:
    """Spell a time or, without a time's precision, a date as ISO; or leave it as it is."""
    for known in formats if text else []:
        try:
            read = datetime.strptime(str(text), known)
        except ValueError:
            continue
        return read.isoformat(timespec=timespec) if timespec else read.date().isoformat()
    return text
