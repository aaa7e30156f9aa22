"""A sparkline draws the course of a number from zero up."""

from urllib.parse import unquote

import pytest


def drawing_of(course: list[float | None]) -> str:
    from components.sparkline import sparkline

    return unquote(sparkline(course, "#123456"))


def test_the_highest_value_reaches_the_top_and_zero_the_bottom() -> None:
    # 90 wide and 22 high with an edge of 3: the last of three values lies at 87, the top at 3.
    assert 'points="3.0,19.0 45.0,11.0 87.0,3.0"' in drawing_of([0, 5, 10])


def test_a_missing_value_breaks_the_line() -> None:
    drawing = drawing_of([10, 10, None, 10, 10])
    assert 'points="3.0,3.0 24.0,3.0"' in drawing
    assert 'points="66.0,3.0 87.0,3.0"' in drawing


@pytest.mark.parametrize("course", [[], [None], [4.0], [None, 4.0]])
def test_a_single_value_has_no_course(course: list[float | None]) -> None:
    assert drawing_of(course) == ""
