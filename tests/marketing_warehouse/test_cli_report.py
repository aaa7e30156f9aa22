"""The command that prints a report: a whole PDF, or a sentence and no file."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse.paths import Home, environment_for_child
from tests.reporting.pdf_reader import read_pdf
from tests.streamlit_app.conftest import written_marts

Said = subprocess.CompletedProcess[str]


def report(*arguments: object) -> Said:
    """Call the command as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "marketing_warehouse", "report", *map(str, arguments)],
        env=environment_for_child({}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refused(said: Said, code: int) -> str:
    """Return the one sentence that a refused command says."""
    assert (said.returncode, said.stdout) == (code, "")
    assert "Traceback" not in said.stderr
    assert said.stderr.count("\n") == 1
    return said.stderr


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("marts") / "marts.duckdb"
    written_marts(file, "1", date(2026, 6, 10), date(2026, 10, 31), "Nordic Espresso")
    return file


@pytest.fixture
def published(home: Home, marts: Path) -> Home:
    home.published.mkdir()
    shutil.copyfile(marts, home.published / "marts-1.duckdb")
    home.marts.symlink_to("marts-1.duckdb")
    return home


def test_a_period_is_printed_in_the_language_of_the_business_or_in_another(
    published: Home, tmp_path: Path
) -> None:
    published.business_yml.write_text("report: {language: ro}\n")
    for arguments, as_of in (
        ((), "Date la 31 oct. 2026"),
        (("--language", "en"), "Data as of 31 Oct 2026"),
    ):
        out = tmp_path / f"{len(arguments)}.pdf"
        said = report("--home", published.path, "--period", "2026-10", "--out", out, *arguments)
        assert (said.returncode, said.stdout) == (0, f"Wrote {out}.\n"), said.stderr
        assert as_of in read_pdf(out.read_bytes()).pages[0]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--period", "October"), "'October' is no period: write one as 2026-10-31 (a day)"),
        (("--period", "2026-11"), "2026-11 lies after 2026-10-31, the last day"),
        (("--period", "2026-10", "--language", "de"), "'de' is no language of the report"),
    ],
)
def test_what_cannot_be_printed_is_refused_before_a_file_is_there(
    published: Home, tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    out = tmp_path / "report.pdf"
    said = report("--home", published.path, "--out", out, *arguments)
    assert why in refused(said, 2)
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_refused(published: Home, tmp_path: Path) -> None:
    asked = ("--home", published.path, "--period", "2026-10", "--out")
    nowhere = tmp_path / "nowhere" / "report.pdf"
    assert f"There is no folder {nowhere.parent}" in refused(report(*asked, nowhere), 2)
    assert f"{tmp_path} is a folder" in refused(report(*asked, tmp_path), 2)
    assert not list(tmp_path.parent.glob(".*unfinished"))


def test_before_the_first_publication_there_is_nothing_to_print(home: Home, tmp_path: Path) -> None:
    said = report("--home", home.path, "--period", "2026-10", "--out", tmp_path / "report.pdf")
    assert f"Nothing is published in {home.path} yet: run `warehouse load" in refused(said, 1)


def test_marts_of_an_earlier_version_are_to_be_loaded_again(
    published: Home, tmp_path: Path
) -> None:
    with duckdb.connect(str(published.marts.resolve())) as connection:
        connection.execute("drop table kpi.levers")
    said = report("--home", published.path, "--period", "2026-10", "--out", tmp_path / "report.pdf")
    assert "published by an earlier version, without kpi.levers: run" in refused(said, 1)
