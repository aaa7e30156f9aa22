"""What was made once of a build serves all who ask for the same, and nobody else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from marketing_warehouse import read
from reporting import language, palette
from reporting.marts import Report, Settings


@pytest.fixture
def report(tmp_path: Path) -> Report:
    settings = Settings("Shop", "EUR", "UTC", date(2026, 10, 31), datetime(2026, 11, 1, tzinfo=UTC))
    publication = read.Publication("20261101T025000Z", tmp_path / "marts.duckdb")
    return Report(publication, settings, {}, lambda sql, parameters: pytest.fail("nothing to ask"))


def test_the_same_is_made_once_and_whatever_it_hangs_on_makes_it_anew(report: Report) -> None:
    from components.kept import kept

    made: list[tuple[str, int]] = []

    def times_two(of: Report, number: int) -> int:
        made.append((of.publication.build_id, number))
        return 2 * number

    def asked(of: Report, number: int) -> int:
        """Ask, and return how often anything was made until then."""
        assert kept(times_two, of, number) == 2 * number
        return len(made)

    assert [asked(report, 3), asked(report, 3)] == [1, 1]
    assert [asked(report, 4), asked(report, 4)] == [2, 2]
    later = replace(report, publication=replace(report.publication, build_id="20261102T025000Z"))
    assert [asked(later, 3), asked(later, 3)] == [3, 3]
    language.use("ro")
    palette.use("dark")
    try:
        assert [asked(report, 3), asked(report, 3)] == [4, 4]
        palette.use("light")
        assert asked(report, 3) == 5
    finally:
        language.use("en")
        palette.use("light")
    assert asked(report, 3) == 5
