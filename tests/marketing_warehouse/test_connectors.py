"""Files as they come: packed, in any encoding, cut off, miscounted; nothing is lost unsaid."""

import bz2
import gzip
import lzma
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marketing_warehouse.errors import SourceError, SourceRefusedError
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.landing import ORDERS, land_only, land_shop, write_config

TWO_ORDERS = ORDERS + "1,2026-01-01,completed,EUR,10\n2,2026-01-02,completed,EUR,20\n"
WHERE = "Source shop: the file inbox/orders.csv"


def refusal(home: Home) -> str:
    with pytest.raises(SourceError) as raised:
        land_shop(home)
    assert list(home.landing.glob("*/*/*")) == []
    return str(raised.value)


def test_each_record_keeps_its_texts_and_its_line(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(TWO_ORDERS)

    assert land_only(home, "order_id ordered_at gross_amount _file _line _fault") == [
        ("1", "2026-01-01", "10", "inbox/orders.csv", "2", None),
        ("2", "2026-01-02", "20", "inbox/orders.csv", "3", None),
    ]


def test_a_line_break_in_quotes_belongs_to_the_cell_and_still_counts_as_a_line(home: Home) -> None:
    write_config(home, "path: inbox/*.csv\nkeep: [note]")
    (home.inbox / "orders.csv").write_bytes(
        b"\r\norder_id,ordered_at,status,currency,gross_amount,note\r\n"
        b'1,2026-01-01,completed,EUR,10,"two\r\nlines, and ""quotes"""\r\n'
        b"\r\n"
        b"2,2026-01-02,completed,EUR,20,one\r\n"
    )

    assert land_only(home, "order_id extra _line _fault") == [
        ("1", '{"note": "two\\r\\nlines, and \\"quotes\\""}', "3", None),
        ("2", '{"note": "one"}', "6", None),
    ]


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst", ".zip"])
def test_a_packed_file_is_read_as_if_it_were_not(home: Home, suffix: str) -> None:
    write_config(home, "path: inbox/*")
    file = home.inbox / f"orders.csv{suffix}"
    content = TWO_ORDERS.encode()
    match suffix:
        case ".gz":
            file.write_bytes(gzip.compress(content[:60]) + gzip.compress(content[60:]))
        case ".bz2":
            file.write_bytes(bz2.compress(content))
        case ".xz":
            file.write_bytes(lzma.compress(content))
        case ".zst":
            with pa.output_stream(file, compression="zstd") as packed:
                packed.write(content)
        case ".zip":
            with zipfile.ZipFile(file, "w") as packed:
                packed.writestr("orders.csv", content)

    assert land_only(home, "order_id _line") == [("1", "2"), ("2", "3")]


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst", ".zip"])
def test_a_packed_file_that_is_cut_off_is_refused(home: Home, suffix: str) -> None:
    write_config(home, "path: inbox/*")
    content = (ORDERS + "".join(f"{n},2026-01-01,completed,EUR,{n}\n" for n in range(99))).encode()
    pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}.get(suffix)
    packed = pack(content) if pack else pa.compress(content, "zstd", asbytes=True)
    (home.inbox / f"orders.csv{suffix}").write_bytes(packed[:-20])

    assert refusal(home) == (
        f"Source shop: the file inbox/orders.csv{suffix} is cut off or damaged "
        "(it cannot be unpacked); copy it again."
    )


def test_an_archive_of_several_files_is_refused(home: Home) -> None:
    write_config(home, "path: inbox/*")
    with zipfile.ZipFile(home.inbox / "orders.zip", "w") as archive:
        archive.writestr("a.csv", TWO_ORDERS)
        archive.writestr("b.csv", TWO_ORDERS)

    assert "orders.zip holds 2 files and must hold one" in refusal(home)


@pytest.mark.parametrize(
    ("encoding", "written_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-8", "utf-16"),
        ("utf-8", "utf-32"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("windows-1250", "windows-1250"),
        ("iso-8859-16", "iso-8859-16"),
        ("cp852", "cp852"),
    ],
)
def test_text_is_read_in_its_encoding(home: Home, encoding: str, written_as: str) -> None:
    write_config(home, f"path: inbox/*\noptions: {{encoding: {encoding}}}")
    text = "order_id,ordered_at,status,currency,gross_amount,channel\n1,2026-01-01,x,EUR,1,Braşov\n"
    letter = "ş" if written_as in ("windows-1250", "cp852") else "ș"
    (home.inbox / "orders.csv").write_bytes(text.replace("ş", letter).encode(written_as))

    assert land_only(home, "order_id channel") == [("1", f"Bra{letter}ov")]


def test_a_byte_that_the_encoding_does_not_know_is_refused_with_its_line(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_bytes(TWO_ORDERS.encode() + b"3,2026-01-03,Bra\xbaov,EUR,1\n")

    assert refusal(home) == (
        f"{WHERE}, line 4: this is not utf-8 text; say the file's encoding under options in "
        "business.yml, such as windows-1252."
    )


def test_zero_bytes_and_workbooks_are_no_text(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_bytes(TWO_ORDERS.encode("utf-16-le"))
    assert "is not utf-8 text (it holds zero bytes); say its encoding" in refusal(home)

    (home.inbox / "orders.csv").write_bytes(b"PK\x03\x04 and so on")
    assert "is a workbook or an archive, not a text file; export it as CSV." in refusal(home)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,\n"])
def test_an_empty_file_is_refused(home: Home, content: bytes) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_bytes(content)

    assert f"{WHERE} is empty; export it again" in refusal(home)


def test_a_file_with_a_header_alone_is_a_delivery_without_rows(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(ORDERS)

    assert land_only(home, "order_id") == []


def test_a_path_that_matches_nothing_is_one_sentence(home: Home) -> None:
    write_config(home, "path: inbox/orders_*.csv")

    assert refusal(home) == (
        f"Source shop: there is no file inbox/orders_*.csv in {home.path}; "
        "put it there, or mend the source's path in business.yml."
    )


def test_an_unreadable_file_is_one_sentence(home: Home) -> None:
    write_config(home)
    file = home.inbox / "orders.csv"
    file.mkdir()
    assert "there is no file inbox/*.csv" in refusal(home)


def test_a_half_written_last_line_becomes_a_fault_and_the_others_land(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(TWO_ORDERS + "3,2026-01-03,comp")

    assert land_only(home, "order_id ordered_at _line _fault") == [
        ("1", "2026-01-01", "2", None),
        ("2", "2026-01-02", "3", None),
        (None, None, "4", "the line has 3 cells where the header has 5"),
    ]


def test_a_last_line_cut_off_in_quotes_becomes_a_fault(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(TWO_ORDERS + '3,2026-01-03,"comp')

    assert land_only(home, "order_id _line _fault")[2:] == [
        (None, "4", "a quotation mark is opened in the line and never closed"),
    ]


def test_a_stray_quotation_mark_costs_one_line_and_not_the_rest_of_the_file(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(
        ORDERS
        + "1,2026-01-01,completed,EUR,10\n"
        + '2,2026-01-02,"completed,EUR,20\n'
        + "3,2026-01-03,completed,EUR,30\n"
        + '4,2026-01-04,"completed",EUR,40\n'
        + '5,2026-01-05,"comp"leted,EUR,50\n'
        + '6,2026-01-06,"completed",EUR,60\n'
    )

    assert land_only(home, "order_id _line _fault") == [
        ("1", "2", None),
        ("3", "4", None),
        ("4", "5", None),
        ("6", "7", None),
        (None, "3", "the quotation marks of the line do not match"),
        (None, "6", "the quotation marks of the line do not match"),
    ]


def test_lines_stay_right_over_thousands_of_records_and_faults(home: Home) -> None:
    write_config(home)
    records, expected, line = [], {}, 2
    for number in range(30_000):
        if number % 997 == 5:
            records.append(f"{number},cut off\n")
            line += 1
        elif number % 1009 == 7:
            records.append(f'{number},2026-01-01,"in\n\nthree lines",EUR,1\n')
            expected[str(number)] = str(line)
            line += 3
        else:
            records.append(f"{number},2026-01-01,completed,EUR,1\n")
            expected[str(number)] = str(line)
            line += 1
    (home.inbox / "orders.csv").write_text(ORDERS + "".join(records))

    landed = land_only(home, "order_id _line")

    assert {order: at for order, at in landed if order} == expected
    assert sum(order is None for order, _ in landed) == 31


def test_a_delimiter_at_the_end_of_lines_begins_no_column(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(
        ORDERS.replace("\n", ",\n")
        + "1,2026-01-01,completed,EUR,10,\n"
        + "2,2026-01-02,completed,EUR,20\n"
        + "3,2026-01-03,completed,EUR,30,what is this?\n"
    )

    assert land_only(home, "order_id gross_amount _fault") == [
        ("1", "10", None),
        ("2", "20", None),
        (None, None, "the line has 6 cells where the header has 5"),
    ]


def test_another_delimiter_is_recognised_and_named(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(TWO_ORDERS.replace(",", ";"))
    assert 'say delimiter: ";" under options in business.yml.' in refusal(home)

    write_config(home, 'path: inbox/*.csv\noptions: {delimiter: ";"}')
    assert land_only(home, "order_id gross_amount") == [("1", "10"), ("2", "20")]


def test_a_tab_is_a_delimiter(home: Home) -> None:
    write_config(home, 'path: inbox/*.csv\noptions: {delimiter: "\\t"}')
    (home.inbox / "orders.csv").write_text(TWO_ORDERS.replace(",", "\t"))

    assert land_only(home, "order_id gross_amount") == [("1", "10"), ("2", "20")]


def test_lines_of_empty_cells_are_no_records(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text(TWO_ORDERS + ",,,,\n  \n ,, ,,\n")

    assert land_only(home, "order_id _line") == [("1", "2"), ("2", "3")]


def test_a_column_name_that_stands_twice_is_refused_only_if_it_is_asked_for(home: Home) -> None:
    write_config(home)
    (home.inbox / "orders.csv").write_text("note,Note," + ORDERS + "a,b,1,2026-01-01,x,EUR,1\n")
    assert land_only(home, "order_id") == [("1",)]

    (home.inbox / "orders.csv").write_text("Status," + ORDERS + "a,1,2026-01-01,x,EUR,1\n")
    with pytest.raises(SourceRefusedError, match="has more than one column status; rename one"):
        land_shop(home)


def test_parquet_keeps_its_own_types_until_they_are_spelt_as_the_source_spells(home: Home) -> None:
    write_config(
        home,
        "connector: parquet\npath: inbox/*.parquet\noptions: {decimal: ','}\nkeep: [ratio, flag]",
    )
    table = pa.table(
        {
            "order_id": pa.array([1, 2], pa.int64()),
            "ordered_at": pa.array(
                [datetime(2026, 1, 1, 12, 30, tzinfo=UTC), None], pa.timestamp("us", tz="UTC")
            ),
            "updated_at": pa.array([date(2026, 1, 2), None], pa.date32()),
            "status": pa.array([" completed ", ""]).dictionary_encode(),
            "currency": pa.array(["EUR", "EUR"], pa.large_string()),
            "gross_amount": pa.array([Decimal("1234.50"), None], pa.decimal128(12, 2)),
            "ratio": pa.array([0.25, float("nan")]),
            "flag": pa.array([True, None]),
            "channel": pa.nulls(2),
        }
    )
    pq.write_table(table, home.inbox / "orders.parquet")

    assert land_only(
        home, "order_id ordered_at updated_at status gross_amount channel extra _line"
    ) == [
        (
            "1",
            "2026-01-01 12:30:00+00",
            "2026-01-02",
            "completed",
            "1234,50",
            None,
            '{"ratio": "0,25", "flag": "true"}',
            "1",
        ),
        ("2", None, None, None, None, None, None, "2"),
    ]


def test_a_damaged_parquet_file_is_refused(home: Home) -> None:
    write_config(home, "connector: parquet\npath: inbox/*.parquet")
    file = home.inbox / "orders.parquet"
    pq.write_table(pa.table({"order_id": ["1"] * 1000}), file)
    file.write_bytes(file.read_bytes()[:-30])

    assert "inbox/orders.parquet is no readable Parquet file, or it is cut off" in refusal(home)


def test_a_parquet_file_without_rows_still_has_types_for_its_query(home: Home) -> None:
    write_config(
        home,
        "connector: parquet\npath: inbox/*.parquet\n"
        "query: select order_id, 'x' as status, 'EUR' as currency, sum(amount) as gross_amount, "
        "min(day) as ordered_at from source group by all",
    )
    schema = pa.schema([("order_id", pa.string()), ("amount", pa.float64()), ("day", pa.date32())])
    pq.write_table(schema.empty_table(), home.inbox / "orders.parquet")

    assert land_only(home, "order_id") == []


def test_excels_note_of_its_delimiter_is_no_header(home: Home) -> None:
    write_config(home, 'path: inbox/*.csv\noptions: {delimiter: ";"}')
    (home.inbox / "orders.csv").write_text("sep=;\n" + TWO_ORDERS.replace(",", ";"))

    assert land_only(home, "order_id _line") == [("1", "3"), ("2", "4")]


def test_names_and_words_match_whether_their_accents_are_composed_or_not(home: Home) -> None:
    write_config(
        home,
        "path: inbox/*.csv\n"
        "columns: {status: e\u0301tat}\n"
        "values: {status: {paye\u0301: completed}}",
    )
    header = ORDERS.replace("status", "\u00c9tat")
    (home.inbox / "orders.csv").write_text(header + "1,2026-01-01,pay\u00e9,EUR,1\n")

    assert land_only(home, "status") == [("completed",)]


def test_a_parquet_file_with_two_columns_of_one_name_is_refused(home: Home) -> None:
    write_config(home, "connector: parquet\npath: inbox/*.parquet")
    twice = pa.table([pa.array(["1"]), pa.array(["2"])], names=["order_id", "order_id"])
    pq.write_table(twice, home.inbox / "orders.parquet")

    assert "has two columns of one name; rename one." in refusal(home)


@pytest.mark.parametrize(("encoding", "last"), [("utf-8", b"\xc8"), ("utf-16-le", b"\x00")])
def test_a_file_cut_off_within_a_letter_is_refused_with_its_line(
    home: Home, encoding: str, last: bytes
) -> None:
    write_config(home, f"path: inbox/*.csv\noptions: {{encoding: {encoding}}}")
    (home.inbox / "orders.csv").write_bytes(TWO_ORDERS.encode(encoding) + last)

    assert refusal(home).startswith(f"{WHERE}, line 4: this is not {encoding} text;")
