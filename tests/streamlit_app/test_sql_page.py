"""The SQL page: a question, its answer, its refusal, and what is known of the marts beside it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from components.sql_examples import examples
from streamlit.testing.v1 import AppTest

from marketing_warehouse import read
from marketing_warehouse.paths import Home
from tests.small_company import built_company

OpenPage = Callable[..., AppTest]
Publish = Callable[..., None]


def ask(test: AppTest, sql: str) -> AppTest:
    test.text_area(key="widget_sql").set_value(sql)
    [button] = [button for button in test.button if button.label == "Ask"]
    return button.click().run()


def headings_of(test: AppTest) -> list[str]:
    return [said.value for said in test.markdown]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> read.Publication:
    """The small company's marts, as the models really build them."""
    home = built_company(tmp_path_factory.mktemp("built"))
    return read.Publication("small", home.candidate)


@pytest.mark.parametrize("name", list(examples()))
def test_every_example_has_an_answer(built: read.Publication, name: str) -> None:
    with read.Marts(built) as marts:
        answer = marts.run_user_sql(examples()[name].sql)
    assert answer.table.num_rows > 0
    assert answer.table.num_columns > 1
    assert not answer.is_cut


def test_a_question_is_answered_as_a_table(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = ask(open_page("sql"), "select 6 * 7 as answer, 'forty-two' as name")
    assert not test.exception
    assert "**1 row**" in headings_of(test)
    [table] = [frame.value for frame in test.dataframe if "answer" in frame.value]
    assert table["answer"].tolist() == [42]


def test_an_example_of_the_address_is_asked_at_once(publish: Publish, open_page: OpenPage) -> None:
    """The fixture has no acquisition marts, so this one is refused, and says what it misses."""
    publish()
    test = open_page("sql", example="methods")
    assert test.text_area(key="widget_sql").value == examples()["methods"].sql
    assert "methods" in test.error[0].value


def test_an_unknown_example_is_a_question_of_ones_own(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    test = open_page("sql", example="'; drop table kpi.scorecard")
    assert not test.exception
    assert test.selectbox(key="widget_example").value == ""
    assert test.text_area(key="widget_sql").value == ""


def test_question_and_answer_are_there_again_after_another_page(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    test = ask(open_page("sql"), "select 1 as one")
    test.switch_page("app_pages/sales.py").run()
    test.switch_page("app_pages/sql.py").run()
    assert test.text_area(key="widget_sql").value == "select 1 as one"
    assert "**1 row**" in headings_of(test)


def test_a_cut_answer_says_so(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = ask(open_page("sql"), "select * from range(10001)")
    assert "**The first 10,000 rows; there are more.**" in headings_of(test)


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "drop table kpi.scorecard",
        "select 1; select 2",
        "insert into ops.settings select * from ops.settings",
        "create table mine as select 1",
        "attach 'other.duckdb'",
        "copy kpi.scorecard to 'out.csv'",
        "set memory_limit = '100GB'",
        "pragma database_list",
        "install httpfs",
        "load httpfs",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_text('business.yml')",
        "select getenv('HOME')",
        "export database 'out'",
        "checkpoint",
        "begin",
        "call duckdb_settings()",
        "select * from duckdb_secrets()",
    ],
)
def test_what_is_forbidden_is_refused_in_a_sentence(
    publish: Publish, open_page: OpenPage, sql: str
) -> None:
    publish()
    test = ask(open_page("sql"), sql)
    assert not test.exception
    assert [bool(error.value) for error in test.error] == [True]
    assert not [frame for frame in test.dataframe if "KPI" not in frame.value]


def test_tables_and_columns_stand_beside_with_what_they_are(
    publish: Publish, open_page: OpenPage, company_file: Path, tmp_path: Path
) -> None:
    described = tmp_path / "described.duckdb"
    described.write_bytes(company_file.read_bytes())
    with duckdb.connect(str(described)) as connection:
        connection.execute("comment on table ops.settings is 'One row per <build>.'")
        connection.execute("comment on column ops.settings.as_of is 'The last day <counted>.'")
    publish(file=described)
    test = open_page("sql")
    known = test.selectbox(key="widget_table")
    assert known.value == "kpi.scorecard"
    assert known.options[0].startswith("kpi.")
    known.set_value("ops.settings").run()
    html = " ".join(element.proto.body for element in test.get("html"))
    assert "<dt>as_of <i>date</i></dt><dd>The last day &lt;counted&gt;.</dd>" in html
    assert any("One row per \\<build\\>" in caption.value for caption in test.caption)


def test_an_answer_of_an_older_build_says_so(
    publish: Publish,
    open_page: OpenPage,
    write_marts: Callable[[Path, str, date, date, str], None],
    tmp_path: Path,
) -> None:
    publish("20261101T025000Z")
    test = ask(open_page("sql"), "select 1 as one, 2 as two")
    assert not test.info
    write_marts(
        tmp_path / "next.duckdb", "next", date(2026, 10, 1), date(2026, 11, 2), "Nordic Espresso"
    )
    publish("20261103T025000Z", tmp_path / "next.duckdb")
    test.run()
    assert "Newer marts were published" in test.info[0].value


def test_a_home_without_a_publication_has_nothing_to_ask(open_page: OpenPage, home: Home) -> None:
    test = open_page("sql")
    assert not test.exception
    assert not test.text_area
