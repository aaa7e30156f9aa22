"""Landing: each new piece once, whole or not at all, mapped, and nothing personal in plain."""

import errno
import json
import os
import resource
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marketing_warehouse import journal
from marketing_warehouse.config import read_config
from marketing_warehouse.errors import (
    ConfigError,
    MissingKeyError,
    SourceError,
    WarehouseError,
)
from marketing_warehouse.feeds import FEEDS
from marketing_warehouse.land import land
from marketing_warehouse.paths import HASH_KEY_VARIABLE, Home
from marketing_warehouse.personal import hash_email, hash_phone
from tests.marketing_warehouse.landing import (
    ORDERS,
    delivery,
    land_only,
    land_shop,
    rows_of,
    said_of,
    write_config,
)

ONE_ORDER = ORDERS + "1,2026-01-01,completed,EUR,10\n"


def put(home: Home, name: str, text: str) -> None:
    (home.inbox / name).write_text(text)


def refusal(home: Home) -> str:
    with pytest.raises(SourceError) as raised:
        land_shop(home)
    return str(raised.value)


def everything_written(home: Home) -> bytes:
    files = [path for path in home.path.rglob("*") if path.is_file()]
    return b"".join(
        path.read_bytes()
        if path.suffix != ".parquet"
        else json.dumps(pq.read_table(path).to_pylist()).encode()
        for path in files
        if path.parent != home.inbox
    )


def test_a_delivery_is_named_after_its_load_and_its_content(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)
    put(home, "b.csv", ONE_ORDER.replace("1,", "2,"))

    names = land_shop(home, "20260131T050000Z")

    assert [name[:21] for name in names] == ["20260131T050000Z-0001", "20260131T050000Z-0002"]
    assert [said_of(home, name)["content_sha256"][:12] for name in names] == [
        name[22:] for name in names
    ]
    assert [rows_of(home, name)[0]["_file"] for name in names] == ["inbox/a.csv", "inbox/b.csv"]


def test_a_delivery_has_all_columns_of_its_feed_as_texts(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)

    schema = pq.read_schema(delivery(home, land_shop(home)[0]))

    expected = [*FEEDS["orders"].column_names, "extra", "_file", "_line", "_fault", "_deleted"]
    assert schema.names == expected
    assert set(schema.types) == {pa.string()}


def test_a_delivery_says_where_it_comes_from_and_how_it_is_to_be_read(home: Home) -> None:
    write_config(
        home,
        "path: inbox/*.csv\nids: web\noptions: {decimal: ',', date_format: '%d.%m.%Y'}\n"
        "max_bad_rows: {share: 0.1, at_least: 3}",
    )
    put(home, "a.csv", ORDERS.replace("\n", ",utm\n") + "1,01.01.2026,completed,EUR,'10',x\n")

    said = said_of(home, land_shop(home)[0])

    assert {key: said[key] for key in ("source", "feed", "connector", "ids", "customer_ids")} == {
        "source": "shop",
        "feed": "orders",
        "connector": "csv",
        "ids": "web",
        "customer_ids": "shared",
    }
    assert said["options"] == {
        "decimal": ",",
        "thousands": None,
        "date_format": ["%d.%m.%Y"],
        "timezone": "Europe/Bucharest",
    }
    assert said["max_bad_rows"] == {"share": 0.1, "at_least": 3}
    assert (said["file"], said["rows"], said["columns_unknown"]) == ("inbox/a.csv", 1, ["utm"])


def test_an_unchanged_file_is_not_landed_again_and_a_changed_one_is(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)
    put(home, "b.csv", ONE_ORDER)

    assert len(land_shop(home)) == 2
    assert land_shop(home) == []
    put(home, "b.csv", ONE_ORDER + "2,2026-01-02,completed,EUR,20\n")
    (again,) = land_shop(home)

    assert [row["order_id"] for row in rows_of(home, again)] == ["1", "2"]
    assert land_shop(home) == []


def test_a_file_that_returns_to_a_former_content_is_landed_again(home: Home) -> None:
    write_config(home)
    for content in (ONE_ORDER, ONE_ORDER.replace("10", "11"), ONE_ORDER):
        put(home, "a.csv", content)
        assert len(land_shop(home)) == 1


def test_what_changes_the_rows_in_business_yml_lands_the_same_file_again(home: Home) -> None:
    put(home, "a.csv", ONE_ORDER)
    write_config(home)
    land_shop(home)

    for change in (
        "defaults: {channel: web}",
        "values: {status: {completed: pending}}",
        "options: {decimal: ','}",
        "ids: web",
        "max_bad_rows: {share: 1}",
    ):
        write_config(home, f"path: inbox/*.csv\n{change}")
        assert len(land_shop(home)) == 1, change
        assert land_shop(home) == []


def test_landing_the_same_load_again_adds_what_was_missing_and_nothing_else(home: Home) -> None:
    write_config(home)
    put(home, "b.csv", ONE_ORDER)
    (first,) = land_shop(home, "20260131T050000Z")
    put(home, "a.csv", ONE_ORDER)

    (second,) = land_shop(home, "20260131T050000Z")

    assert (first[17:21], second[17:21]) == ("0001", "0002")
    assert rows_of(home, first)[0]["_file"] == "inbox/b.csv"


def test_what_a_killed_landing_left_behind_is_cleared(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)
    folder = home.landing_of("orders", "shop")
    folder.mkdir(parents=True)
    (folder / "20260130T050000Z-0001-abc.parquet.unfinished").write_bytes(b"half")

    (name,) = land_shop(home)

    assert [path.name for path in folder.iterdir()] == [f"{name}.parquet"]


def test_columns_values_and_defaults_make_the_feeds_columns(home: Home) -> None:
    write_config(
        home,
        "path: inbox/*.csv\n"
        "columns: {order_id: Nr, ordered_at: created, gross_amount: total, status: state}\n"
        "values: {status: {paid: completed, gone: }}\n"
        "defaults: {currency: RON, status: pending}\n"
        "keep: [budget, Nr]",
    )
    put(
        home,
        "a.csv",
        "nr,created,TOTAL,state,currency,budget,secret\n"
        " 1 ,2026-01-01,10,paid,EUR,500,x\n"
        "2,2026-01-01,10,gone,,,x\n"
        "3,2026-01-01,10,,,  ,x\n"
        "4,2026-01-01,10,completed,,e\u0301t\u00e9\u00a0,x\n",
    )

    (name,) = land_shop(home)

    assert [
        (row["order_id"], row["status"], row["currency"], row["extra"])
        for row in rows_of(home, name)
    ] == [
        ("1", "completed", "EUR", '{"budget": "500"}'),
        ("2", "pending", "RON", None),
        ("3", "pending", "RON", None),
        ("4", "completed", "RON", '{"budget": "\u00e9t\u00e9"}'),
    ]
    assert said_of(home, name)["columns_unknown"] == ["secret"]


def test_a_column_is_found_by_its_exact_name_before_any_other_case(home: Home) -> None:
    write_config(home, "connector: parquet\npath: inbox/*.parquet\ncolumns: {channel: Shop}")
    row = {"order_id": ["1"], "ordered_at": ["x"], "status": ["x"], "currency": ["EUR"]}
    row |= {"gross_amount": ["1"], "shop": ["lower"], "Shop": ["exact"]}
    pq.write_table(pa.table(row), home.inbox / "a.parquet")

    assert land_only(home, "channel") == [("exact",)]


@pytest.mark.parametrize(
    ("more", "header", "said"),
    [
        ("columns: {gross_amount: total}", ORDERS, "has no column total (mapped to gross_amount)"),
        ("columns: {email: mail}", ORDERS, "has no column mail (mapped to email)"),
        ("", ORDERS.replace("status", "state"), "has no column status (required by the feed ord"),
        ("keep: [budget]", ORDERS, "has no column budget (listed under keep)"),
    ],
)
def test_a_column_that_is_gone_is_named_with_the_source_and_what_there_is(
    home: Home, more: str, header: str, said: str
) -> None:
    write_config(home, f"path: inbox/*.csv\n{more}")
    put(home, "a.csv", header + "1,2026-01-01,completed,EUR,10\n")

    message = refusal(home)

    assert message.startswith(f"Source shop: the file inbox/a.csv {said}")
    assert f"it has: {', '.join(header.strip().split(','))}." in message
    assert list(home.landing.glob("*/*/*")) == []


def test_a_default_stands_in_for_a_column_that_is_gone(home: Home) -> None:
    write_config(
        home, "path: inbox/*.csv\ncolumns: {channel: way}\ndefaults: {channel: web, currency: EUR}"
    )
    put(home, "a.csv", "order_id,ordered_at,status,gross_amount\n1,2026-01-01,completed,10\n")

    assert land_only(home, "channel currency") == [("web", "EUR")]


def test_a_loyalty_event_needs_one_column_that_says_whose_it_is(home: Home) -> None:
    write_config(home, feed="loyalty_events")
    put(home, "a.csv", "event_id,happened_at,event\n1,2026-01-01,earned\n")

    assert "has no column customer_id or email or phone (one is required by the feed" in refusal(
        home
    )


def test_a_refused_file_does_not_hold_up_the_others(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)
    put(home, "b.csv", "")
    put(home, "c.csv", "order_id\n1\n")
    put(home, "d.csv", ONE_ORDER)

    message = refusal(home)

    assert message == (
        "Source shop: the file inbox/b.csv is empty; export it again. (1 more file was refused.)"
    )
    landed = sorted(path.stem for path in home.landing.glob("orders/shop/*.parquet"))
    assert [rows_of(home, name)[0]["_file"] for name in landed] == ["inbox/a.csv", "inbox/d.csv"]


def test_an_empty_or_na_rate_is_no_row(home: Home) -> None:
    write_config(
        home,
        "path: inbox/*.csv\nquery: >-\n"
        '  select "Date" as rate_date, currency, rate\n'
        '  from (unpivot source on columns(* exclude ("Date")) into name currency value rate)',
        feed="fx_rates",
    )
    put(home, "a.csv", "Date,USD,JPY,BGN,\n2026-04-13,1.1684,186.75,N/A,\n2026-04-10,,186.43,1,\n")

    assert land_only(home, "rate_date currency rate") == [
        ("2026-04-13", "USD", "1.1684"),
        ("2026-04-13", "JPY", "186.75"),
        ("2026-04-10", "JPY", "186.43"),
        ("2026-04-10", "BGN", "1"),
    ]


def test_a_query_makes_an_order_of_its_lines_and_spells_numbers_as_the_source_does(
    home: Home,
) -> None:
    write_config(
        home,
        "path: inbox/*.csv\n"
        "options: {delimiter: ';', decimal: ','}\n"
        "query: >-\n"
        "  select invoice as order_id, min(day) as ordered_at, 'completed' as status,\n"
        "  sum(cast(replace(price, ',', '.') as decimal(18, 2))) as gross_amount,\n"
        "  max(mail) as email\n"
        "  from source where price is not null group by all order by order_id desc\n"
        "defaults: {currency: EUR}",
    )
    put(
        home,
        "a.csv",
        "invoice;day;price;mail\n"
        "A;2026-01-01;1,50;ana@example.com\n"
        "A;2026-01-01;2,25;ana@example.com\n"
        "B;2026-01-02; 3,00 ;\n"
        "B;2026-01-02;  ;\n",
    )

    key = home.hash_key()
    assert land_only(home, "order_id ordered_at gross_amount email currency _line") == [
        ("B", "2026-01-02", "3,00", None, "EUR", "1"),
        ("A", "2026-01-01", "3,75", hash_email("ana@example.com", key), "EUR", "2"),
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select nr as order_id from source", 'Referenced column "nr" not found'),
        ("select cast(email as integer) as order_id from source", "cannot read a cell as INT32"),
        ("select error(email) as order_id from source", "its query cannot read a cell"),
    ],
)
def test_a_query_that_does_not_fit_its_file_is_refused_without_quoting_a_cell(
    home: Home, query: str, said: str
) -> None:
    write_config(home, f"path: inbox/*.csv\nquery: {query}")
    put(home, "a.csv", "order_id,email\n1,ana.popescu@example.com\n")

    if "error(" in query:
        with pytest.raises(ConfigError, match="error is not allowed"):
            land_shop(home)
        return
    message = refusal(home)

    assert message.startswith("Source shop: the file inbox/a.csv: ")
    assert said in message
    assert "popescu" not in message


def test_a_query_is_not_run_on_a_file_with_a_line_that_cannot_be_read(home: Home) -> None:
    write_config(home, "path: inbox/*.csv\nquery: select * from source")
    put(home, "a.csv", ONE_ORDER + "2,2026")

    assert refusal(home) == (
        "Source shop: the file inbox/a.csv, line 3: the line has 2 cells where the header has 5; "
        "mend the file: its query needs every line."
    )


def test_emails_and_phones_are_hashed_and_never_written_plain(home: Home) -> None:
    write_config(home, "path: inbox/*.csv\ncolumns: {customer_id: login}")
    put(
        home,
        "a.csv",
        ORDERS.replace("\n", ",email,phone,login\n")
        + "1,2026-01-01,completed,EUR,10, Ana.Popescu@Example.com ,0721 234 567,"
        + "Ana.Popescu@example.com\n"
        + "2,2026-01-01,completed,EUR,10,,12,17\n"
        + "3,2026-01-01,completed,EUR,Ana.Popescu@example.com\n",
    )

    (name,) = land_shop(home)

    key = home.hash_key()
    email = hash_email("ana.popescu@example.com", key)
    assert [(row["email"], row["phone"], row["customer_id"]) for row in rows_of(home, name)] == [
        (email, hash_phone("+40721234567", "RO", key), email),
        (None, None, "17"),
        (None, None, None),
    ]
    written = everything_written(home).lower()
    assert b"popescu" not in written
    assert b"721" not in written.replace(b"20721", b"")


def test_landing_without_a_key_is_refused(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)
    home.hash_key_file.unlink()

    with pytest.raises(MissingKeyError, match="There is no key to hash e-mails and phones with"):
        land_shop(home)


def test_landing_with_another_key_is_refused_because_nobody_would_be_recognised(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)
    land_shop(home)
    monkeypatch.setenv(HASH_KEY_VARIABLE, "another key, long enough")
    put(home, "b.csv", ONE_ORDER)

    with pytest.raises(ConfigError, match="The hash key is another than when"):
        land_shop(home)


def test_a_disk_that_takes_no_more_is_one_sentence_and_leaves_nothing_half(home: Home) -> None:
    write_config(home)
    unique = (os.urandom(16).hex() for _ in range(20_000))
    put(home, "a.csv", ORDERS + "".join(f"{key},2026-01-01,x,EUR,1\n" for key in unique))
    load_id = journal.start(home, date(2026, 1, 31))
    config = read_config(home.business_yml)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(WarehouseError) as raised:
            land(home, config, "shop", load_id)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert os.strerror(errno.EFBIG) in str(raised.value)
    assert list(home.landing_of("orders", "shop").iterdir()) == []


def test_paths_may_lead_elsewhere_and_be_absolute(home: Home, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "deep"
    elsewhere.mkdir(parents=True)
    (elsewhere / "a.csv").write_text(ONE_ORDER)

    write_config(home, "path: ../elsewhere/**/*.csv")
    assert land_only(home, "_file") == [("../elsewhere/deep/a.csv",)]

    shutil.rmtree(home.landing)
    write_config(home, f"path: {elsewhere}/a.csv")
    assert land_only(home, "_file") == [(f"{elsewhere}/a.csv",)]


def test_the_journal_says_what_was_landed_and_which_columns_nobody_knows(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ORDERS.replace("\n", ",utm\n") + "1,2026-01-01,x,EUR,10,u\n2,cut\n")
    load_id = journal.start(home, date(2026, 1, 31))

    land_shop(home, load_id)

    (entry,) = journal.read_steps(home, load_id)
    assert (entry.step, entry.source, entry.outcome) == ("land", "shop", "ok")
    assert entry.message == (
        "1 landed with 2 rows, 0 unchanged, 1 rows could not be read, "
        "columns that no feed knows: utm."
    )


def test_the_journal_says_why_a_source_was_refused(home: Home) -> None:
    write_config(home)
    load_id = journal.start(home, date(2026, 1, 31))

    with pytest.raises(SourceError):
        land_shop(home, load_id)

    (entry,) = journal.read_steps(home, load_id)
    assert entry.outcome == "failed"
    assert entry.message.startswith("Source shop: there is no file inbox/*.csv in")


def test_a_foreign_file_in_landing_is_named(home: Home) -> None:
    write_config(home)
    put(home, "a.csv", ONE_ORDER)
    folder = home.landing_of("orders", "shop")
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"x": [1]}), folder / "stray.parquet")

    with pytest.raises(WarehouseError, match="is no delivery of this warehouse"):
        land_shop(home)
