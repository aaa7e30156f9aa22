"""The contract that every connector of an API keeps; a vendor's test names its API and data.

A subclass of `Contract` says how to describe the source, how its API is filled, and what rows that
must give, worked out from its own objects. Everything else is the same for all.
"""

import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pyarrow.parquet as pq
import pytest

from marketing_warehouse import journal, steps
from marketing_warehouse.check import check_source
from marketing_warehouse.conclude import sources_cut_short
from marketing_warehouse.config import read_config
from marketing_warehouse.credentials import variable_of
from marketing_warehouse.errors import CredentialsRefusedError, SourceUnavailableError
from marketing_warehouse.feeds import FEEDS
from marketing_warehouse.paths import PROJECT, Home
from tests.marketing_warehouse.connectors.vendor_api import (
    Answer,
    Held,
    VendorApi,
    broken,
    busy,
    cut,
    garbled,
)

THROUGH = date(2026, 10, 31)
LAND = "import sys; from marketing_warehouse import steps; steps.land(*sys.argv[1:])"
# A child's ru_maxrss begins with its parent's weight, so the kernel's own mark is read.
LAND_AND_WEIGH = (
    LAND + "; from pathlib import Path"
    "; print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
)
# So many objects would weigh several times as much if they were kept; remembered phones do 40 MiB.
UNTOUCHED_MEMORY = 60 << 20

Row = dict[str, Any]


class Contract:
    """What a connector must do; a subclass describes one vendor.

    An answer must cost its API little: 100,000 objects are asked for page by page.

    Attributes:
        source: the source's lines in business.yml but for its name; {url} is the API's address.
        feed: the feed that it fills.
        credentials: what lets it in.
        page: how many objects its API gives at once.
        shown: the columns that are compared.
        prelude: what a process of its own imports first, where a connector is not of the package.
    """

    source: ClassVar[str]
    feed: ClassVar[str]
    credentials: ClassVar[dict[str, str]]
    page: ClassVar[int]
    shown: ClassVar[tuple[str, ...]]
    prelude: ClassVar[str] = ""

    def make_api(self) -> VendorApi:
        """Return the vendor's API with an empty account."""
        raise NotImplementedError

    def fill(self, api: Any, count: int) -> None:
        """Put so many objects into the account, in place of what is there."""
        raise NotImplementedError

    def change(self, api: Any, place: int) -> None:
        """Change the object at a place as the vendor would: restate it, or edit it now."""
        raise NotImplementedError

    def expected(self, api: Any) -> list[tuple[Any, ...]]:
        """Return the shown columns of the rows that the account means, in any order."""
        raise NotImplementedError

    def refuse_token(self, api: Any) -> None:
        """Make the API know the credentials no more."""
        raise NotImplementedError

    # ------------------------------------------------------------------ what tests are given

    @pytest.fixture
    def api(self) -> Iterator[Any]:
        with self.make_api() as api:
            yield api

    @pytest.fixture
    def shop(self, home: Home, api: Any, monkeypatch: pytest.MonkeyPatch) -> Home:
        """A home with the source `shop`, which is signed in."""
        for name, value in self.credentials.items():
            monkeypatch.setenv(variable_of("shop") + name.upper(), value)
        self.describe(home, api)
        return home

    def describe(self, home: Home, api: Any, more: str = "") -> None:
        """Write business.yml with the source `shop`."""
        lines = (self.source.replace("{url}", api.url) + more).strip().replace("\n", "\n    ")
        home.business_yml.write_text(
            "business: {name: Shop, currency: EUR, timezone: Europe/Bucharest, country: RO}\n"
            f"sources:\n  - name: shop\n    feed: {self.feed}\n    {lines}\n"
        )

    def land(self, home: Home, through: date = THROUGH) -> list[str]:
        """Land the source in a load of its own."""
        return steps.land(str(home.path), journal.start(home, through), "shop")

    def current(self, home: Home, bad: int = 0) -> list[tuple[Any, ...]]:
        """Load what was landed, and return the current rows, sorted; so many are quarantined."""
        load_id = journal.start(home, THROUGH)
        steps.load(str(home.path), load_id)
        (entry,) = (step for step in journal.read_steps(home, load_id) if step.step == "load")
        assert entry.details["refused"] == {}
        return self.rows_in_raw(home, bad)

    def rows_in_raw(self, home: Home, bad: int = 0) -> list[tuple[Any, ...]]:
        """Return the latest version of each key, sorted, and check that every row is accounted."""
        feed = FEEDS[self.feed]
        latest = "updated_at desc nulls last," if "updated_at" in feed.column_names else ""
        keys = ", ".join(f"coalesce(cast({name} as varchar), '')" for name in feed.key)
        with duckdb.connect(str(home.raw), read_only=True) as raw:
            rows = raw.execute(
                f"""
                select {", ".join(self.shown)} from raw.raw.{feed.name}
                qualify row_number() over (
                    partition by {keys} order by {latest} _delivery desc, _line desc
                ) = 1
                """
            ).fetchall()
            (read, gone, quarantined, kept) = raw.execute(
                f"""
                select coalesce(sum(rows_read), 0), coalesce(sum(rows_repeated), 0),
                    (select count(*) from raw.raw.quarantine_{feed.name}),
                    (select count(*) from raw.raw.{feed.name})
                from raw.raw.deliveries where status = 'loaded'
                """
            ).fetchone() or (0, 0, 0, 0)
        assert read == gone + quarantined + kept
        assert quarantined == bad
        return sorted(rows, key=repr)

    def check(self, home: Home, api: Any) -> None:
        """Land, load, and hold the rows against what the account means."""
        self.land(home)
        assert self.current(home) == sorted(self.expected(api), key=repr)

    # ------------------------------------------------------------------ the contract

    def test_an_empty_account_has_no_rows_and_is_no_error(self, shop: Home, api: Any) -> None:
        self.check(shop, api)
        assert self.rows_in_raw(shop) == []

    @pytest.mark.parametrize("pages", [0.5, 1, 2.5, 3])
    def test_every_page_is_read(self, shop: Home, api: Any, pages: float) -> None:
        self.fill(api, int(self.page * pages))
        self.check(shop, api)

    def test_reading_again_what_has_not_changed_lands_nothing_more(
        self, shop: Home, api: Any
    ) -> None:
        self.fill(api, self.page + 1)
        self.check(shop, api)
        self.land(shop)  # the overlap may come once more
        deliveries = sorted(shop.landing.rglob("*.parquet"))
        assert self.land(shop) == []
        assert self.land(shop) == []
        assert sorted(shop.landing.rglob("*.parquet")) == deliveries
        self.check(shop, api)

    def test_an_object_that_changes_while_its_pages_are_read_is_neither_lost_nor_doubled(
        self, shop: Home, api: Any
    ) -> None:
        self.fill(api, self.page * 3)
        api.before[1 + self.requests_before_pages(api)] = lambda: self.change(api, 0)
        self.land(shop)
        # All are there, before any overlap is read again; the one that changed may be as it was.
        assert len(self.current(shop)) == self.page * 3
        self.check(shop, api)

    def requests_before_pages(self, _: Any) -> int:
        """Return how many requests go before the first page, such as for a token."""
        return 0

    @pytest.mark.parametrize("mischief", [busy, broken, cut, garbled])
    def test_a_hiccup_is_waited_out(
        self, shop: Home, api: Any, mischief: Callable[[Answer], Answer | None]
    ) -> None:
        self.fill(api, self.page * 2)
        api.mischief = deque([None] * (self.requests_before_pages(api) + 1) + [mischief])
        self.check(shop, api)

    def test_an_api_that_never_answers_ends_the_source_in_a_sentence(
        self, shop: Home, api: Any
    ) -> None:
        self.fill(api, 1)
        self.describe(shop, api)
        text = with_option(shop.business_yml.read_text(), "patience_seconds: 1")
        shop.business_yml.write_text(text)
        api.mischief = deque([broken] * 50)
        with pytest.raises(SourceUnavailableError, match="Source shop: its API gave no answer in"):
            self.land(shop)

    def test_credentials_that_are_refused_end_the_source_at_once(
        self, shop: Home, api: Any
    ) -> None:
        self.fill(api, 1)
        self.refuse_token(api)
        with pytest.raises(CredentialsRefusedError, match="Source shop: "):
            self.land(shop)
        assert len(api.asked) <= self.requests_before_pages(api) + 2

    def test_what_changed_takes_the_place_of_what_was(self, shop: Home, api: Any) -> None:
        self.fill(api, self.page + 5)
        self.check(shop, api)
        before = self.rows_in_raw(shop)
        self.change(api, 3)
        self.check(shop, api)
        assert self.rows_in_raw(shop) != before

    def test_a_landing_that_is_killed_goes_on_where_it_was(self, shop: Home, api: Any) -> None:
        self.fill(api, self.page * 3)
        held = Held()
        api.mischief = deque([None] * (self.requests_before_pages(api) + 1) + [held])
        process = self.landing(shop, LAND)
        assert held.reached.wait(60)
        process.kill()
        process.wait()
        held.released.set()
        assert list(shop.landing.rglob("*.parquet")) == []
        self.check(shop, api)

    def landing(self, home: Home, program: str) -> "subprocess.Popen[str]":
        """Land in a process of its own."""
        arguments = [str(home.path), journal.start(home, THROUGH), "shop"]
        return subprocess.Popen(
            [sys.executable, "-c", self.prelude + program, *arguments],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            text=True,
        )

    def test_a_look_asks_once_and_shows_mapped_rows(self, shop: Home, api: Any) -> None:
        self.fill(api, self.page * 3)
        config = read_config(shop.business_yml)
        checked = check_source(shop, config, "shop", sample=5, through=THROUGH)
        assert checked.sentence.startswith("Source shop works: ")
        assert checked.sample.num_rows == 5
        assert len(api.asked) == 1 + self.requests_before_pages(api)
        shown = repr(checked.sample.to_pylist())
        assert not [text for text in self.personal(api) if text in shown]
        assert list(shop.landing.rglob("*")) == []

    def test_nothing_personal_and_no_credential_is_written_anywhere(
        self, shop: Home, api: Any
    ) -> None:
        self.fill(api, 5)
        self.check(shop, api)
        self.refuse_token(api)
        with pytest.raises(CredentialsRefusedError):
            self.land(shop)
        written = everything_written(shop.path)
        for secret in (*self.credentials.values(), *self.personal(api)):
            assert secret.encode() not in written

    def personal(self, _: Any) -> list[str]:
        """Return the e-mails and phones that the account holds, where it holds some."""
        return []

    def test_a_hundred_thousand_rows_need_no_more_memory_than_ten_thousand(
        self, shop: Home, api: Any
    ) -> None:
        weights = []
        for count in (10_000, 100_000):
            shutil.rmtree(shop.landing, ignore_errors=True)
            self.fill(api, count)
            process = self.landing(shop, LAND_AND_WEIGH)
            said, _ = process.communicate(timeout=300)
            assert process.returncode == 0
            weights.append(int(said.split()[-1]) << 10)
        assert weights[1] - weights[0] < UNTOUCHED_MEMORY, weights
        landed = [pq.read_metadata(path).num_rows for path in shop.landing.rglob("*.parquet")]
        assert sum(landed) >= 100_000


class SecondFeed(Contract):
    """What another feed of a vendor must do, one of whose feeds keeps the whole contract.

    How the engine bears a bad connection, a kill and much data is one for all feeds of a vendor.
    """

    test_a_hiccup_is_waited_out = None  # type: ignore[assignment]
    test_an_api_that_never_answers_ends_the_source_in_a_sentence = None  # type: ignore[assignment]
    test_a_landing_that_is_killed_goes_on_where_it_was = None  # type: ignore[assignment]
    test_a_hundred_thousand_rows_need_no_more_memory_than_ten_thousand = None  # type: ignore[assignment]


class DailyQuota(Contract):
    """What a connector must do beside, whose API counts a day's requests."""

    def use_up(self, api: Any) -> None:
        """Make the API answer no more today."""
        raise NotImplementedError

    def test_a_used_up_day_ends_the_source_with_what_it_has(self, shop: Home, api: Any) -> None:
        self.use_up(api)
        load_id = journal.start(shop, THROUGH)
        assert steps.land(str(shop.path), load_id, "shop") == []
        assert list(sources_cut_short(journal.read_steps(shop, load_id))) == ["shop"]


def with_option(text: str, option: str) -> str:
    """Return a business.yml with one more option of its source, whichever way they are written."""
    if "options: {" in text:
        return text.replace("options: {", f"options: {{{option}, ")
    return text.replace("options:\n", f"options:\n      {option}\n")


def everything_written(folder: Path) -> bytes:
    """Return all that a home's files hold, Parquet unpacked."""
    parts = []
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            parts.append(repr(pq.read_table(path).to_pylist()).encode())
            parts.append(repr(pq.read_schema(path).metadata).encode())
        elif path.is_file():
            parts.append(path.read_bytes())
    return b"\n".join(parts)
