"""S3: files of a bucket are read as those of a folder, and nothing plain touches a disk."""

import gzip
import io
import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marketing_warehouse.check import check_source
from marketing_warehouse.config import read_config
from marketing_warehouse.connectors.s3 import S3
from marketing_warehouse.errors import (
    CredentialsRefusedError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
)
from marketing_warehouse.paths import Home
from marketing_warehouse.personal import hash_email
from tests.marketing_warehouse.connectors.test_sql import reading
from tests.marketing_warehouse.landing import ORDERS, land_shop, rows_of, write_config
from tests.servers import buckets
from tests.servers.buckets import Store
from tests.servers.processes import free_port


@pytest.fixture(scope="module")
def running_store() -> Iterator[Store]:
    with buckets.s3() as store:
        yield store


@pytest.fixture
def store(running_store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_ACCESS_KEY", running_store.access_key)
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_SECRET_KEY", running_store.secret_key)
    yield running_store
    running_store.clear()


def write_source(home: Home, url: str, path: str = "orders/*.csv", options: str = "") -> None:
    write_config(
        home, f"connector: s3\npath: s3://exports/{path}\noptions: {{endpoint: '{url}'{options}}}"
    )


def order(number: int, more: str = "") -> bytes:
    header = ORDERS.strip() + (",email" if more else "")
    return f"{header}\n{number},2026-01-01,completed,EUR,1{more}\n".encode()


def landed(home: Home) -> list[tuple[str | None, str | None]]:
    names = land_shop(home)
    return [(row["order_id"], row["_file"]) for name in names for row in rows_of(home, name)]


def test_files_that_match_are_landed_once_and_again_when_they_change(
    home: Home, store: Store
) -> None:
    store.put("orders/a.csv", order(1))
    store.put("orders/b.csv", order(2))
    store.put("orders/deep/c.csv", order(3))
    store.put("orders/b.txt", b"no orders")
    write_source(home, store.url)

    a, b = "s3://exports/orders/a.csv", "s3://exports/orders/b.csv"
    assert landed(home) == [("1", a), ("2", b)]
    assert landed(home) == []
    store.put("orders/b.csv", order(4))
    assert landed(home) == [("4", b)]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("orders/a.csv", ["1"]),
        ("orders/", ["1", "3"]),
        ("**/*.csv", ["1", "3"]),
        ("orders/?.csv", ["1"]),
        ("orders/d*/*.csv", ["3"]),
    ],
)
def test_a_path_is_a_file_a_folder_or_a_glob(
    home: Home, store: Store, path: str, found: list[str]
) -> None:
    store.put("orders/a.csv", order(1))
    store.put("orders/deep/c.csv", order(3))
    write_source(home, store.url, path)
    assert [number for number, _ in landed(home)] == found


def test_packed_csv_and_parquet_are_read_as_from_a_folder(home: Home, store: Store) -> None:
    table = pa.table(
        {
            "order_id": [7, 8],
            "ordered_at": ["2026-01-01"] * 2,
            "status": ["completed"] * 2,
            "currency": ["EUR"] * 2,
            "gross_amount": pa.array(["1.10", None]).cast(pa.decimal128(9, 2)),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    store.put("orders/a.csv.gz", gzip.compress(order(1)))
    store.put("orders/b.parquet", sink.getvalue())
    write_source(home, store.url, "orders/")

    rows = [row for name in land_shop(home) for row in rows_of(home, name)]
    assert [(row["order_id"], row["gross_amount"]) for row in rows] == [
        ("1", "1"),
        ("7", "1.10"),
        ("8", None),
    ]


def test_a_large_file_comes_whole_in_batches(home: Home, store: Store) -> None:
    """Of 100,000 lines, 9 MB: more than is fetched at once, and more than a batch."""
    lines = (f"{n},2026-01-01,completed,EUR,{n}.25,{'x' * 60}\n" for n in range(100_000))
    store.put("orders/a.csv", (ORDERS.strip() + ",channel\n" + "".join(lines)).encode())
    write_source(home, store.url)

    with next(S3.pieces(reading(home))).open() as rows:
        sizes, ids = [], []
        for batch in rows.batches:
            sizes.append(batch.cells.num_rows)
            ids += batch.cells["order_id"].to_pylist()
    assert ids == [str(n) for n in range(100_000)]
    assert max(sizes) <= 20_000


def test_what_is_personal_lands_as_a_hash_and_nowhere_else(home: Home, store: Store) -> None:
    store.put("orders/a.csv", order(1, ",ana@example.com"))
    write_source(home, store.url)
    (name,) = land_shop(home)
    assert rows_of(home, name)[0]["email"] == hash_email("ana@example.com", home.hash_key())
    plain = [
        path
        for path in home.path.rglob("*")
        if path.is_file()
        and any(word in path.read_bytes() for word in (b"ana@", store.secret_key.encode()))
    ]
    assert plain == []


def test_a_file_that_changes_while_it_is_read_is_not_landed(home: Home, store: Store) -> None:
    store.put("orders/a.csv", order(1))
    write_source(home, store.url)
    with next(S3.pieces(reading(home))).open() as rows:
        next(rows.batches)
        store.put("orders/a.csv", order(2))
        with pytest.raises(SourceUnavailableError, match="was changed while it was read"):
            list(rows.batches)


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_wrong_or_missing_keys_are_refused_without_naming_them(
    home: Home, store: Store, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("orders/a.csv", order(1))
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_SECRET_KEY", secret)
    write_source(home, store.url)
    with pytest.raises(CredentialsRefusedError, match="WAREHOUSE_SOURCE_SHOP_SECRET_KEY") as raised:
        land_shop(home)
    assert store.access_key not in str(raised.value)


@pytest.mark.parametrize("path", ["s3://exports/orders/*.csv", "s3://imports/orders/a.csv"])
def test_a_bucket_or_a_file_that_is_not_there_is_named(home: Home, store: Store, path: str) -> None:
    write_source(home, store.url, path.removeprefix("s3://exports/"))
    home.business_yml.write_text(home.business_yml.read_text().replace("exports/s3://", ""))
    with pytest.raises(SourceError, match=re.escape(f"there is no file {path}; put it there")):
        land_shop(home)


def test_an_empty_file_is_refused_and_the_others_land(home: Home, store: Store) -> None:
    store.put("orders/a.csv", b"")
    store.put("orders/b.csv", order(2))
    write_source(home, store.url)
    with pytest.raises(SourceRefusedError, match=r"s3://exports/orders/a\.csv is empty"):
        land_shop(home)
    assert len(list(home.landing.glob("orders/shop/*.parquet"))) == 1


def test_a_store_that_does_not_answer_is_said_to_be_out_of_reach(home: Home, store: Store) -> None:
    write_source(home, f"http://127.0.0.1:{free_port()}")
    with pytest.raises(SourceUnavailableError, match="the store of the bucket exports does not"):
        land_shop(home)


def test_a_look_maps_rows_and_writes_nothing(home: Home, store: Store) -> None:
    store.put("orders/a.csv", order(1))
    write_source(home, store.url)
    checked = check_source(home, read_config(home.business_yml), "shop", sample=5)
    assert checked.sample["order_id"].to_pylist() == ["1"]
    assert not home.landing.exists()
