"""The command line without a load: every answer is a sentence, every exit code as documented."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marketing_warehouse import journal
from marketing_warehouse.paths import Home, environment_for_child

BUSINESS = """\
business: {name: Mini, currency: EUR, timezone: Europe/Bucharest, country: RO}
sources:
  - {name: shop, feed: orders, connector: csv, path: inbox/orders.csv}
"""
Said = subprocess.CompletedProcess[str]
Warehouse = Callable[..., Said]


@pytest.fixture
def warehouse() -> Warehouse:
    """The command, as a person would call it."""

    def call(*arguments: object, settings: dict[str, str] | None = None, stdin: str = "") -> Said:
        return subprocess.run(
            [sys.executable, "-m", "marketing_warehouse", *map(str, arguments)],
            env=environment_for_child(settings or {}),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def business(home: Home) -> Home:
    home.business_yml.write_text(BUSINESS)
    return home


def refused(said: Said, code: int) -> str:
    """Return what a command said on standard error, having checked its manners."""
    assert said.returncode == code, said.stderr
    assert "Traceback" not in said.stderr
    assert all(line.startswith("warehouse: ") for line in said.stderr.splitlines())
    return said.stderr


@pytest.mark.parametrize(
    "command", ["init", "validate", "check-source", "load", "status", "sql", "rollback"]
)
def test_every_command_explains_itself_with_an_example(warehouse: Warehouse, command: str) -> None:
    said = warehouse(command, "--help")
    assert said.returncode == 0
    assert f"  warehouse {command}" in said.stdout.split("Example")[1]


def test_the_exit_codes_are_in_the_help(warehouse: Warehouse) -> None:
    said = warehouse("--help")
    for line in ("0  done", "1  not done", "2  a wrong", "3  published, but", "4  another load"):
        assert line in said.stdout


def test_init_makes_a_home_and_never_overwrites_one(warehouse: Warehouse, tmp_path: Path) -> None:
    new = Home(tmp_path / "shop")
    assert warehouse("init", new.path).returncode == 0
    assert new.inbox.is_dir()
    assert new.hash_key_file.stat().st_mode & 0o777 == 0o600
    key = new.hash_key_file.read_text()
    new.business_yml.write_text(BUSINESS)

    again = warehouse("init", new.path)
    assert f"Kept {new.business_yml}" in again.stdout
    assert new.business_yml.read_text() == BUSINESS
    assert new.hash_key_file.read_text() == key


def test_the_business_yml_that_init_writes_is_valid(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse("init", tmp_path / "shop")
    said = warehouse("validate", "--home", tmp_path / "shop")
    assert (said.returncode, said.stderr) == (0, "")
    assert "is valid" in said.stdout


def test_a_home_is_not_open_to_every_user_of_the_machine(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse("init", tmp_path / "shop")
    assert (tmp_path / "shop").stat().st_mode & 0o007 == 0


def test_init_in_the_place_of_a_file_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("a file")
    assert "a file is in its way" in refused(warehouse("init", tmp_path / "shop"), 2)


def test_a_wrong_setting_is_named_with_its_line(warehouse: Warehouse, business: Home) -> None:
    business.business_yml.write_text(BUSINESS.replace("connector: csv", "connector: cvs"))
    for command in ("validate", "load"):
        said = refused(warehouse(command, "--home", business.path), 2)
        assert "business.yml, line 3" in said
        assert "cvs" in said


def test_without_a_home_each_command_says_how_to_name_one(warehouse: Warehouse) -> None:
    for command in (["validate"], ["load"], ["status"], ["sql", "select 1"], ["rollback"]):
        assert "pass --home DIR or set WAREHOUSE_HOME" in refused(warehouse(*command), 2)


def test_a_folder_in_the_place_of_business_yml_is_refused(warehouse: Warehouse, home: Home) -> None:
    home.business_yml.mkdir()
    for command in ("validate", "load"):
        assert "business.yml" in refused(warehouse(command, "--home", home.path), 2)


def test_a_home_that_is_not_there_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    said = warehouse("load", "--home", tmp_path / "nowhere")
    assert "make it with `warehouse init`" in refused(said, 2)


def test_the_environment_may_name_the_home(warehouse: Warehouse, business: Home) -> None:
    said = warehouse("validate", settings={"WAREHOUSE_HOME": str(business.path)})
    assert "Mini, 1 sources for orders" in said.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lod"], "No such command 'lod'"),
        (["load", "--trough", "2026-01-01"], "No such option"),
        (["sql"], "Missing argument"),
        (["sql", "select 1", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_a_slip_of_the_pen_is_a_sentence(
    warehouse: Warehouse, arguments: list[str], said: str
) -> None:
    assert said in refused(warehouse(*arguments), 2)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2999-01-01", "is not over yet"),
        ("1990-01-01", "lies before all history"),
        ("yesterday", "write it as YYYY-MM-DD"),
    ],
)
def test_a_day_that_cannot_be_counted_ends_the_load_before_it_begins(
    warehouse: Warehouse, business: Home, day: str, said: str
) -> None:
    assert said in refused(warehouse("load", "--home", business.path, "--through", day), 2)
    assert journal.load_ids(business) == []


def test_a_load_without_a_key_is_refused(warehouse: Warehouse, business: Home) -> None:
    business.hash_key_file.unlink()
    assert "There is no key" in refused(warehouse("load", "--home", business.path), 2)


def test_a_key_that_others_can_read_is_refused(warehouse: Warehouse, business: Home) -> None:
    business.hash_key_file.chmod(0o644)
    assert "chmod 600" in refused(warehouse("load", "--home", business.path), 2)


def test_two_loads_at_once_are_refused_at_once(warehouse: Warehouse, business: Home) -> None:
    with journal.load_lock(business):
        said = refused(warehouse("load", "--home", business.path), 4)
    assert "Another load is running on this home" in said


def test_nothing_published_yet_is_said_plainly(warehouse: Warehouse, business: Home) -> None:
    status = warehouse("status", "--home", business.path)
    assert status.returncode == 0
    assert "Published     nothing" in status.stdout
    assert "Last load     none yet" in status.stdout
    assert "is published" in refused(warehouse("sql", "select 1", "--home", business.path), 1)
    assert "is published" in refused(warehouse("rollback", "--home", business.path), 1)


def test_what_nobody_foresaw_is_kept_in_a_log_and_told_in_a_sentence(
    warehouse: Warehouse, business: Home
) -> None:
    """A journal that somebody damaged by hand: the command cannot know what it meant."""
    folder = business.loads / "20260101T000000Z"
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text("{")
    said = refused(warehouse("status", "--home", business.path), 1)
    log = Path(said.split(": ")[2].removesuffix(" says what.\n"))
    assert "JSONDecodeError" in log.read_text()


def test_answers_come_as_a_table_as_csv_and_as_json() -> None:
    from datetime import date
    from decimal import Decimal

    import pyarrow as pa

    from marketing_warehouse.cli.answers import written

    table = pa.table(
        {
            "day": [date(2026, 1, 31), None],
            "spend": [Decimal("12.50"), Decimal("7.00")],
            "note": ["=1+1", "two\nlines \x1b[31m"],
        }
    )
    assert written(table, "table") == (
        "day         spend  note\n"
        "----------  -----  ---------------\n"
        "2026-01-31  12.50  =1+1\n"
        "             7.00  two lines  [31m\n"
    )
    assert written(table, "csv").splitlines()[1] == "2026-01-31,12.50,'=1+1"
    assert json.loads(written(table, "json"))[0] == {
        "day": "2026-01-31",
        "spend": 12.5,
        "note": "=1+1",
    }


def test_an_answer_without_rows_still_shows_its_columns() -> None:
    import pyarrow as pa

    from marketing_warehouse.cli.answers import written

    assert written(pa.table({"day": pa.array([], pa.date32())}), "table") == "day\n---\n"
