"""Charts as PNG and SVG: made without a browser, a network, or a font of the machine."""

import os
import struct
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from marketing_warehouse.paths import PROJECT
from reporting.charts.picture import Picture
from reporting.charts.trend import trend
from reporting.marts import Report
from reporting.pictures import FONTS, PRINTED_FONT, png, svg
from reporting.view import View


@pytest.fixture(scope="module")
def picture(company: Report) -> Picture:
    view = View("month", date(2026, 6, 1), date(2026, 10, 31), date(2026, 10, 1), None, "all", "")
    values = company.scorecard("month", "all", ["leads"], view.since, view.until)
    return trend(company, view, company.definitions["leads"], values)


def test_a_picture_to_send_on_is_a_png_of_double_density(company: Report, picture: Picture) -> None:
    image = png(company, picture)
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", image[16:24])
    assert width > 2 * 760
    assert height > 2 * 270


def test_a_picture_to_print_holds_letters_in_our_own_font(picture: Picture) -> None:
    drawn = svg(picture, 500, 200)
    assert f'font-family="{PRINTED_FONT}"' in drawn
    assert "Source Sans" not in drawn
    assert "Oct 2026" in drawn


def test_a_chart_without_anything_to_draw_is_no_picture() -> None:
    with pytest.raises(ValueError, match="Nothing yet"):
        svg(Picture("Nothing yet", None), 500)


def test_a_machine_without_fonts_draws_the_same_letters(tmp_path: Path) -> None:
    """The picture of a letter is not empty and does not depend on the machine's fonts."""
    written = tmp_path / "written.svg"
    written.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
        f'<text x="9" y="40" font-size="32" font-family="{PRINTED_FONT}">Iași 1,204</text></svg>'
    )
    drawing = (
        "import pathlib, sys, vl_convert;"
        f"vl_convert.register_font_directory({str(FONTS)!r});"
        f"svg = pathlib.Path({str(written)!r}).read_text();"
        "sys.stdout.buffer.write(vl_convert.svg_to_png(svg))"
    )
    images = [
        subprocess.run(
            [sys.executable, "-c", drawing],
            capture_output=True,
            check=True,
            cwd=PROJECT,
            env=os.environ | environment,
        ).stdout
        for environment in ({}, {"FONTCONFIG_FILE": "/dev/null", "HOME": str(tmp_path)})
    ]
    assert images[0] == images[1]
    assert len(images[0]) > 1000  # an empty picture of this size has 300 bytes
