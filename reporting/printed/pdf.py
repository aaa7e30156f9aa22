"""PDF: set the printable report of a period, from the published marts to the finished bytes."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import typst

from reporting import formats, language, palette
from reporting.language import say, say_n
from reporting.marts import Report
from reporting.pictures import FONTS, svg
from reporting.printed.blocks import Block, Drawing, Page, Pair, as_data
from reporting.printed.pages import pages_of
from reporting.printed.period import Period, require_numbers

TEMPLATE = Path(__file__).resolve().with_name("report.typ")
CHART_WIDTH = 760  # pixels, of a chart as wide as the page's text
HALF = 368  # of a chart beside another


def printed(report: Report, period: Period, spoken: str = language.DEFAULT) -> bytes:
    """Return the report of a period as PDF, in a language, on A4.

    Args:
        report: the publication.
        period: what it is about.
        spoken: `en` or `ro`.

    Raises:
        ConfigError: the marts know nothing of the period.
    """
    require_numbers(report, period)
    language.use(spoken)
    palette.use("light")  # it is printed on paper
    return typeset(about(report, period), pages_of(report, period))


def typeset(head: dict[str, Any], pages: Sequence[Page]) -> bytes:
    """Set pages; nothing but our own template and fonts has a say in how they look."""
    finished: bytes = _compiled(head, pages, "pdf")
    return finished


def as_images(head: dict[str, Any], pages: Sequence[Page]) -> list[bytes]:
    """Return pages as PNG, for who wants to look at them without a reader of PDF."""
    images = _compiled(head, pages, "png")
    return images if isinstance(images, list) else [images]


def about(report: Report, period: Period) -> dict[str, Any]:
    """Return what stands around every page."""
    settings = report.settings
    name = formats.period(period.grain, period.start)
    if period.end > settings.as_of:
        name = say("{period} (so far)", period=name)
    before = formats.previous(period.grain, period.start)
    return {
        "title": say("{business}, {period}", business=settings.business_name, period=name),
        "business": settings.business_name,
        "period": name,
        "against": say("against {period}", period=formats.period(period.grain, before)),
        "status": f"{say('Data as of {day}', day=formats.day(settings.as_of))} · {_audit(report)}",
        "origin": say(
            "Build {build} of {moment}, amounts in {currency}",
            build=report.publication.build_id,
            moment=formats.moment(settings.built_at, settings.timezone),
            currency=settings.currency,
        ),
        "page_of": say("page {page} of {pages}"),
        "language": language.current(),
        "colours": asdict(palette.colours()),
    }


def _audit(report: Report) -> str:
    [row] = report.rows(
        "select count(*) as checks, count(*) filter (where not success) as unmet from ops.audits"
    )
    if not row["checks"]:
        return say("no audit on record")
    return say_n(
        "audit passed, {number} check met",
        "audit passed, {number} checks met",
        row["checks"] - row["unmet"],
    )


def _compiled(head: dict[str, Any], pages: Sequence[Page], kind: Literal["pdf", "png"]) -> Any:
    with tempfile.TemporaryDirectory(prefix="warehouse-report-") as made:
        folder = Path(made)
        written = [_written(page, f"{number}", folder) for number, page in enumerate(pages)]
        (folder / "data.json").write_text(json.dumps({**head, "pages": written}))
        (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        return typst.compile(
            folder / TEMPLATE.name,
            root=folder,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format=kind,
            ppi=110.0,
        )


def _written(page: Page, number: str, folder: Path) -> dict[str, Any]:
    """Return a page as plain data, its charts beside it as files."""
    blocks = []
    for place, block in enumerate(page.blocks):
        data = as_data(block)
        if isinstance(block, Pair):
            for side, one in enumerate((block.left, block.right)):
                data["sides"][side] |= _drawn(one, f"{number}-{place}-{side}", HALF, folder)
        blocks.append(data | _drawn(block, f"{number}-{place}", CHART_WIDTH, folder))
    head = {"title": page.title, "colour": page.colour, "answer": page.answer}
    return {**head, "blocks": blocks}


def _drawn(block: Block, name: str, width: int, folder: Path) -> dict[str, str]:
    """Draw a block's chart into a file, if it has one, and return what it is called."""
    if not isinstance(block, Drawing) or block.picture.chart is None:
        return {}
    file = folder / f"{name}.svg"
    file.write_text(svg(block.picture, width, block.height))
    return {"file": file.name}
