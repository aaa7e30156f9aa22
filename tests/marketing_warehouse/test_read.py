"""What is published can be asked anything, and nothing but what is published."""

import csv
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from marketing_warehouse import read
from marketing_warehouse.paths import Home


def publish(home: Home, build_id: str, *statements: str) -> Path:
    """Write a published file and switch the symlink to it, as publishing does."""
    home.published.mkdir(parents=True, exist_ok=True)
    file = home.published / f"marts-{build_id}.duckdb"
    with duckdb.connect(str(file)) as connection:
        for statement in statements:
            connection.execute(statement)
    unfinished = home.published / ".marts.unfinished"
    unfinished.symlink_to(file.name)
    os.replace(unfinished, home.marts)
    return file


@pytest.fixture
def marts(home: Home) -> Iterator[read.Marts]:
    publish(
        home,
        "20261101T050000Z",
        "create schema core",
        "create table core.leads as select range as lead_id, 'fair' as method from range(5)",
    )
    with read.Marts.of(home) as opened:
        yield opened


# ------------------------------------------------------------------------------ the publication


def test_a_home_without_a_publication_says_what_to_do(home: Home) -> None:
    with pytest.raises(read.NothingPublishedError, match=r"Nothing is published .*`warehouse load"):
        read.publication(home)


def test_a_symlink_to_a_file_that_is_gone_is_no_publication(home: Home) -> None:
    publish(home, "1").unlink()
    with pytest.raises(read.NothingPublishedError):
        read.publication(home)


def test_the_publication_is_the_concrete_file_behind_the_symlink(home: Home) -> None:
    file = publish(home, "20261101T050000Z")
    assert read.publication(home) == read.Publication("20261101T050000Z", file.resolve())


def test_a_new_publication_is_seen_while_the_old_one_is_still_open(home: Home) -> None:
    publish(home, "1", "create table t as select 1 as n")
    with read.Marts.of(home) as old:
        publish(home, "2", "create table t as select 2 as n")
        with read.Marts.of(home) as new:
            assert old.query("select n from t").to_pylist() == [{"n": 1}]
            assert new.query("select n from t").to_pylist() == [{"n": 2}]


def test_a_published_file_that_is_no_database_is_one_sentence(home: Home) -> None:
    publish(home, "1").write_text("not a database at all, but a text of some length " * 100)
    with pytest.raises(read.WarehouseError, match=r"marts-1\.duckdb cannot be opened .* rollback"):
        read.Marts.of(home)


def test_a_query_takes_parameters_and_returns_every_row(marts: read.Marts) -> None:
    rows = marts.query("select lead_id from core.leads where lead_id > ? order by 1", [2])
    assert rows.to_pylist() == [{"lead_id": 3}, {"lead_id": 4}]


# ------------------------------------------------------------------------------ what is allowed


@pytest.mark.parametrize(
    "sql",
    [
        "select lead_id from core.leads",
        "SELECT 1;",
        "with few as (from core.leads) select * from few",
        "from core.leads",
        "table core.leads",
        "values (1), (2)",
        "describe core.leads",
        "describe select 1",
        "show all tables",
        "summarize core.leads",
        "explain select * from core.leads",
        "explain analyze select * from core.leads",
        "explain (format json) select 1",
        "select * from range(3), unnest([1, 2])",
        "select table_name, comment from duckdb_tables()",
        "select column_name from information_schema.columns",
        "/* how many? */ select count(*) from core.leads -- all of them",
        "select lead_id from core.leads where exists (select 1 from core.leads as other)",
    ],
)
def test_reading_is_allowed(marts: read.Marts, sql: str) -> None:
    assert marts.run_user_sql(sql).table.num_rows > 0


def test_an_answer_stops_at_the_limit_and_says_so(marts: read.Marts) -> None:
    answer = marts.run_user_sql("select lead_id from core.leads order by 1", limit=3)
    assert answer.table.column("lead_id").to_pylist() == [0, 1, 2]
    assert answer.is_cut


def test_an_answer_of_exactly_the_limit_is_not_cut(marts: read.Marts) -> None:
    answer = marts.run_user_sql("select lead_id from core.leads", limit=5)
    assert (answer.table.num_rows, answer.is_cut) == (5, False)


def test_an_answer_without_rows_keeps_its_columns(marts: read.Marts) -> None:
    answer = marts.run_user_sql("select lead_id, method from core.leads where false")
    assert answer.table.column_names == ["lead_id", "method"]
    assert answer.table.num_rows == 0


def test_columns_of_the_same_name_all_arrive(marts: read.Marts) -> None:
    answer = marts.run_user_sql('select 1 as n, 2 as n, 3 as "n_2", 4 as n')
    assert answer.table.to_pylist() == [{"n": 1, "n_3": 2, "n_2": 3, "n_4": 4}]


# ------------------------------------------------------------------------------ what is forbidden


@pytest.mark.parametrize(
    "sql",
    [
        "insert into core.leads values (9, 'fair')",
        "update core.leads set method = 'x'",
        "delete from core.leads",
        "drop table core.leads",
        "alter table core.leads add column x int",
        "truncate core.leads",
        "create table x as select 1",
        "create temp table x as select 1",
        "create temp macro f() as 1",
        "comment on table core.leads is 'x'",
        "copy core.leads to 'leads.csv'",
        "copy (select 1) to 'leads.csv'",
        "export database 'elsewhere'",
        "attach ':memory:' as other",
        "detach marts",
        "use memory",
        "install httpfs",
        "load httpfs",
        "set threads = 8",
        "set enable_external_access = true",
        "reset memory_limit",
        "set variable a = 1",
        "pragma version",
        "pragma enable_profiling",
        "call pragma_version()",
        "call enable_logging()",
        "prepare q as select 1",
        "execute q",
        "begin",
        "checkpoint",
        "vacuum",
        "explain create temp table x as select 1",
        "explain analyze insert into core.leads values (9, 'fair')",
        "explain analyze copy core.leads to 'leads.csv'",
        "explain analyze set threads = 8",
        "/* */ explain analyze create temp table x as select 1",
        "pivot core.leads on method using count(*)",
        "select 1; select 2",
        "select 1; drop table core.leads",
        "",
        "-- only a comment",
    ],
)
def test_anything_but_one_reading_statement_is_refused(marts: read.Marts, sql: str) -> None:
    with pytest.raises(read.QueryError, match="Ask with exactly one SELECT"):
        marts.run_user_sql(sql)


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('{file}')",
        "read_text('{file}')",
        "read_blob('{file}')",
        "read_json('{file}')",
        "read_parquet('{file}')",
        "parquet_metadata('{file}')",
        "read_duckdb('{file}')",
        "sniff_csv('{file}')",
        "glob('{file}*')",
        "query('select 1')",
        "query/**/('select 1')",
        "\"query\" ('select 1')",
        "json_execute_serialized_sql('{{}}')",
        "enable_logging()",
        "enable_logging(storage = 'file', storage_path = '{file}')",
        "system.main.enable_logging()",
        "disable_logging()",
        "enable_profiling(save_location = '{file}')",
        "duckdb_secrets()",
        "duckdb_settings()",
        "duckdb_databases()",
        "checkpoint()",
        "force_checkpoint()",
        "arrow_scan(1, 2, 3)",
        "pandas_scan(1)",
    ],
)
def test_what_lies_outside_the_marts_is_out_of_reach(
    marts: read.Marts, tmp_path: Path, source: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    sql = f"select * from {source.format(file=secret)}"
    for asked in (sql, f"describe {sql}", f"explain {sql}", f"with hidden as ({sql}) from hidden"):
        with pytest.raises(read.QueryError, match=r"The table function .* is not allowed here"):
            marts.run_user_sql(asked)


def test_a_file_named_as_a_table_is_out_of_reach(marts: read.Marts, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    with pytest.raises(read.QueryError, match="could not be answered"):
        marts.run_user_sql(f"select * from '{secret}'")


def test_the_raw_data_beside_the_marts_are_out_of_reach(home: Home, marts: read.Marts) -> None:
    duckdb.connect(str(home.raw)).close()
    with pytest.raises(read.QueryError, match="could not be answered"):
        marts.run_user_sql(f"select * from '{home.raw}'")


def test_a_variable_of_this_program_is_out_of_reach(marts: read.Marts) -> None:
    frame = pa.table({"a": [1]})
    assert frame.num_rows == 1
    with pytest.raises(read.QueryError, match="frame does not exist"):
        marts.run_user_sql("select * from frame")


@pytest.mark.parametrize("function", ["sleep_ms(10)", "write_log('x')"])
def test_functions_that_wait_or_write_are_refused(marts: read.Marts, function: str) -> None:
    with pytest.raises(read.QueryError, match=r"The function .* is not allowed here"):
        marts.run_user_sql(f"select {function}")


def test_the_connection_itself_refuses_files_writes_and_settings(
    marts: read.Marts, tmp_path: Path
) -> None:
    """The checks of the text are the second door; this is the first."""
    for sql in (
        "select * from read_text('/etc/hostname')",
        f"copy core.leads to '{tmp_path / 'out.csv'}'",
        "create table core.x as select 1",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "attach '/tmp/other.duckdb' as other",
        "load httpfs",
    ):
        with pytest.raises(duckdb.Error):
            marts.query(sql)
    assert list(tmp_path.glob("*.csv")) == []


# ------------------------------------------------------------------------------ too much, or wrong


def test_a_query_that_takes_too_long_is_stopped(marts: read.Marts) -> None:
    began = time.monotonic()
    with pytest.raises(read.QueryError, match=r"stopped after 0\.3 seconds"):
        marts.run_user_sql("select count(*) from range(1000000) a, range(1000000) b", timeout=0.3)
    assert time.monotonic() - began < 10


def test_other_queries_go_on_after_one_was_stopped(marts: read.Marts) -> None:
    with pytest.raises(read.QueryError):
        marts.run_user_sql("select count(*) from range(1000000) a, range(1000000) b", timeout=0.1)
    assert marts.run_user_sql("select 1 as n").table.to_pylist() == [{"n": 1}]


def test_a_query_that_takes_too_much_memory_is_refused(marts: read.Marts) -> None:
    with pytest.raises(read.QueryError, match="needs more than 1GB of memory"):
        marts.run_user_sql("select list(range || repeat('x', 1000)) from range(5000000)")


def test_a_large_sort_is_spilled_and_answered(marts: read.Marts, home: Home) -> None:
    sql = "select range, repeat('x', 300) as text from range(3000000) order by hash(range)"
    assert marts.run_user_sql(sql, limit=10).table.num_rows == 10
    assert [file.name for file in home.published.iterdir() if file.name.endswith(".tmp")] == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("selec 1", "syntax error at or near"),
        ("select nothing from core.leads", "nothing"),
        ("select * from core.lead", "lead does not exist"),
        ("select cast('a' as int)", "Could not convert string 'a'"),
        ("select $1", "prepared statement parameters"),
    ],
)
def test_a_wrong_query_is_answered_in_one_plain_sentence(
    marts: read.Marts, sql: str, said: str
) -> None:
    with pytest.raises(read.QueryError, match="could not be answered") as caught:
        marts.run_user_sql(sql)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_deeply_nested_query_is_an_answer_or_a_sentence(marts: read.Marts) -> None:
    nested = "1" + " + 1" * 20_000
    with pytest.raises(read.QueryError, match="could not be answered"):
        marts.run_user_sql(f"select {nested}")


def test_importing_a_folder_is_refused(marts: read.Marts, tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("create table x (a int);")
    (tmp_path / "load.sql").write_text("")
    with pytest.raises(read.QueryError):
        marts.run_user_sql(f"import database '{tmp_path}'")


# ------------------------------------------------------------------------------ exports


def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe() -> None:
    table = pa.table({"=name": ["=1+1", "+40", "-5", "@sum", "\tx", "\rx", "plain", "a=b", None]})
    header, *cells = csv.reader(io.StringIO(read.csv_text(table), newline=""))
    assert header == ["'=name"]
    assert [row[0] if row else "" for row in cells] == [
        "'=1+1",
        "'+40",
        "'-5",
        "'@sum",
        "'\tx",
        "'\rx",
        "plain",
        "a=b",
        "",
    ]


def test_real_numbers_keep_their_sign_in_an_export(marts: read.Marts) -> None:
    answer = marts.run_user_sql(
        "select -5 as whole, -5.25::decimal(18, 4) as exact, -0.5::double as float, "
        "null::int as empty, true as truth, date '2026-10-31' as day, '-5' as text"
    )
    assert read.csv_text(answer.table) == (
        "whole,exact,float,empty,truth,day,text\n-5,-5.2500,-0.5,,true,2026-10-31,'-5\n"
    )


def test_an_export_quotes_what_would_break_its_rows() -> None:
    table = pa.table({"a": ['he said "no", twice', "two\nlines"], "b": [1, 2]})
    rows = list(csv.reader(io.StringIO(read.csv_text(table))))
    assert rows == [["a", "b"], ['he said "no", twice', "1"], ["two\nlines", "2"]]
