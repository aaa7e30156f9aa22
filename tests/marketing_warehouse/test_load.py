"""Loading: versions of keys, rows that do not fit, and what is left out."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse import journal
from marketing_warehouse.config import read_config
from marketing_warehouse.errors import BusyError, WarehouseError
from marketing_warehouse.land import land
from marketing_warehouse.load import LoadResult, load
from marketing_warehouse.paths import Home

BUSINESS = "business: {name: Tiny, currency: EUR, timezone: Europe/Bucharest, country: RO}\n"
ORDERS = """\
  - name: shop
    feed: orders
    connector: csv
    path: inbox/orders*.csv
"""
HEADER = "order_id,ordered_at,status,currency,gross_amount,updated_at\n"

Load = Callable[[], LoadResult]


@pytest.fixture
def load_again(home: Home) -> Load:
    """Land all sources of the home and load what is pending."""

    def run() -> LoadResult:
        config = read_config(home.business_yml)
        load_id = journal.start(home, date(2026, 1, 31))
        for source in config.sources:
            land(home, config, source.name, load_id)
        return load(home, config, load_id)

    return run


def write_business(home: Home, *sources: str, more: str = "") -> None:
    home.business_yml.write_text(BUSINESS + more + "sources:\n" + "".join(sources))


def raw(home: Home, sql: str) -> list[tuple]:
    with duckdb.connect(str(home.raw), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_loading_again_changes_nothing(home: Home, load_again: Load) -> None:
    write_business(home, ORDERS)
    (home.inbox / "orders.csv").write_text(HEADER + "1,2026-01-05,completed,EUR,10.5,\n")

    load_again()
    before = raw(home, "select * from raw.raw.orders")
    again = load_again()

    assert again.loaded == []
    assert raw(home, "select * from raw.raw.orders") == before
    assert raw(home, "select rows_read, rows_repeated from raw.raw.deliveries") == [(1, 0)]


def test_a_changed_file_adds_versions_and_counts_its_repeats(home: Home, load_again: Load) -> None:
    write_business(home, ORDERS)
    file = home.inbox / "orders.csv"
    file.write_text(HEADER + "1,2026-01-05,completed,EUR,10,\n2,2026-01-05,pending,EUR,20,\n")
    load_again()

    file.write_text(HEADER + "1,2026-01-05,completed,EUR,10,\n2,2026-01-05,completed,EUR,20,\n")
    load_again()

    # Order 1 is a repeat, of order 2 there are two versions: 4 read = 3 versions + 1 repeat.
    versions = raw(home, "select order_id, status from raw.raw.orders order by all")
    assert versions == [("1", "completed"), ("2", "completed"), ("2", "pending")]
    assert raw(home, "select sum(rows_read), sum(rows_repeated) from raw.raw.deliveries") == [
        (4, 1)
    ]


def test_a_row_goes_to_quarantine_with_the_reason_and_its_line(
    home: Home, load_again: Load
) -> None:
    write_business(home, ORDERS)
    (home.inbox / "orders.csv").write_text(
        HEADER
        + "1,2026-01-05,completed,EUR,ten,\n"
        + "2,2026-01-05,paid,EUR,10,\n"
        + ",2026-01-05,completed,EUR,10,\n"
        + "4,2026-01-05,completed,EUR,-10,\n"
        + "5,05/01/2026,completed,EURO,10,\n"
        + "6,2026-01-05,completed,EUR,10,\n"
    )

    load_again()

    found = raw(home, "select _line, _reason from raw.raw.quarantine_orders order by _line")
    assert found == [
        (2, 'gross_amount "ten" is not an amount'),
        (3, 'status "paid" is not known'),
        (4, "order_id is missing"),
        (5, "gross_amount is negative"),
        (
            6,
            'ordered_at "05/01/2026" is not a time; '
            'currency "EURO" is not a currency code of three letters',
        ),
    ]
    assert raw(home, "select order_id from raw.raw.orders") == [("6",)]


def test_a_row_delivered_again_with_the_same_fault_is_one_quarantined_row(
    home: Home, load_again: Load
) -> None:
    write_business(home, ORDERS)
    bad = "1,2026-01-05,paid,EUR,10,\n"
    (home.inbox / "orders.csv").write_text(HEADER + bad)
    load_again()

    (home.inbox / "orders.csv").write_text(HEADER + bad + "2,2026-01-05,completed,EUR,10,\n")
    load_again()

    assert raw(home, "select count(*) from raw.raw.quarantine_orders") == [(1,)]
    assert raw(
        home,
        "select sum(rows_read), sum(rows_repeated), sum(rows_quarantined) from raw.raw.deliveries",
    ) == [(3, 1, 1)]


def test_a_source_with_too_many_bad_rows_is_left_out_and_the_others_go_on(
    home: Home, load_again: Load
) -> None:
    leads = "  - {name: crm, feed: leads, connector: csv, path: inbox/leads.csv}\n"
    write_business(home, ORDERS, leads)
    good = "".join(f"{number},2026-01-05,completed,EUR,10,\n" for number in range(100))
    bad = "".join(f"{number},2026-01-05,paid,EUR,10,\n" for number in range(100, 111))
    (home.inbox / "orders.csv").write_text(HEADER + good + bad)
    (home.inbox / "leads.csv").write_text(
        "lead_id,created_at,lead_event,method\n1,2026-01-05,web_form,fair\n"
    )

    result = load_again()

    assert list(result.refused) == ["shop"]
    assert "11 of its 111 new rows do not fit" in result.refused["shop"]
    assert raw(home, "select count(*) from raw.raw.orders") == [(0,)]
    assert raw(home, "select count(*) from raw.raw.leads") == [(1,)]


def test_ten_bad_rows_are_not_too_many(home: Home, load_again: Load) -> None:
    write_business(home, ORDERS)
    bad = "".join(f"{number},2026-01-05,paid,EUR,10,\n" for number in range(10))
    (home.inbox / "orders.csv").write_text(HEADER + bad)

    result = load_again()

    assert result.refused == {}
    assert raw(home, "select count(*) from raw.raw.quarantine_orders") == [(10,)]


def test_a_mended_file_is_loaded_in_place_of_the_one_that_was_refused(
    home: Home, load_again: Load
) -> None:
    write_business(home, ORDERS)
    file = home.inbox / "orders.csv"
    file.write_text(HEADER + "".join(f"{n},2026-01-05,paid,EUR,10,\n" for n in range(20)))
    assert load_again().refused

    file.write_text(HEADER + "".join(f"{n},2026-01-05,completed,EUR,10,\n" for n in range(20)))

    assert load_again().refused == {}
    assert raw(home, "select count(*) from raw.raw.orders") == [(20,)]


def test_a_new_mapping_reads_the_same_file_anew_and_forgets_the_old_reading(
    home: Home, load_again: Load
) -> None:
    write_business(home, ORDERS)
    (home.inbox / "orders.csv").write_text(
        HEADER + "1,2026-01-05,paid,EUR,10,\n2,2026-01-05,completed,EUR,10,\n"
    )
    load_again()

    write_business(home, ORDERS + "    values: {status: {paid: completed}}\n")
    load_again()

    assert raw(home, "select order_id, status from raw.raw.orders order by all") == [
        ("1", "completed"),
        ("2", "completed"),
    ]
    assert raw(home, "select count(*) from raw.raw.quarantine_orders") == [(0,)]


def test_the_same_key_from_two_sources_is_an_error_that_names_both(
    home: Home, load_again: Load
) -> None:
    other = "  - {name: market, feed: orders, connector: csv, path: inbox/market.csv}\n"
    write_business(home, ORDERS, other)
    for name in ("orders", "market"):
        (home.inbox / f"{name}.csv").write_text(HEADER + "1001,2026-01-05,completed,EUR,10,\n")

    result = load_again()

    assert list(result.refused) == ["shop"]
    assert "order_id 1001 is also delivered by source market" in result.refused["shop"]


def test_ids_of_named_namespaces_are_kept_apart(home: Home, load_again: Load) -> None:
    other = "  - {name: market, feed: orders, connector: csv, path: inbox/market.csv, ids: b}\n"
    write_business(home, ORDERS + "    ids: a\n", other)
    for name in ("orders", "market"):
        (home.inbox / f"{name}.csv").write_text(HEADER + "1001,2026-01-05,completed,EUR,10,\n")

    assert load_again().refused == {}
    assert raw(home, "select order_id from raw.raw.orders order by all") == [
        ("a:1001",),
        ("b:1001",),
    ]


@pytest.mark.parametrize(
    ("options", "written", "read"),
    [
        ("", "10.12345", "10.1235"),
        ("", "1e3", "1000"),
        ('decimal: ","', "10,5", "10.5"),
        ('decimal: ","', "1.234,56", "1234.56"),
        ('decimal: ","', "1 234,56", "1234.56"),
        ('thousands: ","', "1,234.56", "1234.56"),
    ],
)
def test_an_amount_is_read_as_its_source_spells_it(
    home: Home, load_again: Load, options: str, written: str, read: str
) -> None:
    write_business(home, ORDERS + f'    options: {{delimiter: ";"{options and ", " + options}}}\n')
    line = f"1;2026-01-05;completed;EUR;{written};\n"
    (home.inbox / "orders.csv").write_text(HEADER.replace(",", ";") + line)

    load_again()

    assert raw(home, "select gross_amount from raw.raw.orders") == [(Decimal(read),)]


@pytest.mark.parametrize(
    ("options", "written"),
    [("", "1,234.56"), ("", "1_000"), ('decimal: ","', "1.23"), ("", "nan"), ("", "ten")],
)
def test_an_amount_that_could_mean_two_things_is_quarantined(
    home: Home, load_again: Load, options: str, written: str
) -> None:
    write_business(home, ORDERS + f'    options: {{delimiter: ";"{options and ", " + options}}}\n')
    line = f"1;2026-01-05;completed;EUR;{written};\n"
    (home.inbox / "orders.csv").write_text(HEADER.replace(",", ";") + line)

    load_again()

    assert raw(home, "select _reason from raw.raw.quarantine_orders") == [
        (f'gross_amount "{written}" is not an amount',)
    ]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-05", "2026-01-04 22:00"),  # a day begins at local midnight, two hours ahead
        ("2026-01-05 10:00", "2026-01-05 08:00"),
        ("2026-01-05T10:00:00Z", "2026-01-05 10:00"),
        ("2026-01-05T10:00:00+05:00", "2026-01-05 05:00"),
        # The clock jumps from 3 to 4: 3:30 is read with the offset before, two hours.
        ("2025-03-30 03:30", "2025-03-30 01:30"),
        ("05.01.2026", "2026-01-04 22:00"),
        ("05.01.2026 10:00:00", "2026-01-05 08:00"),
    ],
)
def test_a_time_is_kept_in_utc(home: Home, load_again: Load, written: str, utc: str) -> None:
    write_business(home, ORDERS + '    options: {date_format: "%d.%m.%Y"}\n')
    (home.inbox / "orders.csv").write_text(HEADER + f"1,{written},completed,EUR,1,\n")

    load_again()

    assert raw(home, "select ordered_at from raw.raw.orders") == [(datetime.fromisoformat(utc),)]


def test_a_database_that_another_program_holds_open_is_named(home: Home, load_again: Load) -> None:
    write_business(home, ORDERS)
    (home.inbox / "orders.csv").write_text(HEADER + "1,2026-01-05,completed,EUR,1,\n")
    load_again()
    holder = subprocess.Popen(
        ["python3", "-c", HOLD_OPEN, str(home.raw)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(BusyError, match=r"raw.duckdb is open in another program"):
            load_again()
    finally:
        holder.kill()
        holder.wait()


HOLD_OPEN = """
import sys, time, fcntl
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, fcntl.LOCK_EX)
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 8 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this user may not mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_said_before_anything_is_written(small_disk: Path) -> None:
    home = Home(small_disk / "home")
    home.create_hash_key()
    home.inbox.mkdir()
    write_business(home, ORDERS)

    with pytest.raises(WarehouseError, match="MiB free and this step needs"):
        load(home, read_config(home.business_yml), journal.start(home, date(2026, 1, 31)))

    assert not home.raw.exists()
