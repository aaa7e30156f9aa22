"""The printed report, read back from its PDF."""

import re
from collections.abc import Callable

import pytest

from marketing_warehouse.errors import ConfigError
from reporting import language
from reporting.marts import Report
from reporting.printed.pdf import printed
from reporting.printed.period import read_period
from tests.reporting.pdf_reader import Pdf, read_pdf

Print = Callable[..., Pdf]


@pytest.fixture
def print_of(company: Report) -> Print:
    def read_back(period: str, spoken: str = "en") -> Pdf:
        return read_pdf(printed(company, read_period(period), spoken))

    return read_back


# October is the fifth month since June: a total of the business is 1000 + 5, a share is 12 + 5 % 5
# of 62, a cost per piece 340 / 12, and the target of leads 1,000.
def test_a_month_says_today_then_each_process_then_the_targets(print_of: Print) -> None:
    pdf = print_of("2026-10")
    titles = [
        *("TODAY", "ATTRACT", "SELL", "KEEP", "WHAT A CUSTOMER COSTS AND BRINGS"),
        *("WEAK PLACES", "TARGETS"),
    ]
    assert [title in page.split("\n") for page, title in zip(pdf.pages, titles, strict=True)] == [
        True
    ] * 7
    today, attract = pdf.pages[0].split("\n"), pdf.pages[1].split("\n")
    assert {"1,005", "19.4 %"} <= set(today)
    assert "€1.00k left over in October 2026" in pdf.pages[0]
    assert "€28.3" in attract
    assert "12 of 62 leads" in attract


def test_every_page_says_whose_it_is_of_when_and_which_one(print_of: Print) -> None:
    pdf = print_of("2026-10")
    for number, page in enumerate(pdf.pages, start=1):
        assert "Nordic Espresso" in page
        assert "October 2026, against September 2026" in page
        assert "Data as of 31 Oct 2026 · audit passed, 1 check met" in page
        assert f"page {number} of 7" in page
        # 03:00 UTC is 05:00 in Bucharest in winter.
        assert "of 1 Nov 2026, 05:00, amounts in EUR" in page


# What the charts themselves write, letter by letter: no table or tile has these words.
@pytest.mark.parametrize(
    ("page", "drawn"),
    [
        # A lead costs 340 / 12 everywhere.
        ("ATTRACT", ["all: €28.3", "Each dot is one period; hollow ones still move."]),
        # 12 of 62 leads pass the filter.
        ("SELL", ["Leads: 62", "50 cut by the written filter", "Good, not called in time"]),
        ("KEEP", ["Months since the first order", "Came back within 30 days", "Members"]),
        ("WHAT A CUSTOMER COSTS AND BRINGS", ["EUR for each customer", "keeping", "0.5", "2.0"]),
        ("WEAK PLACES", ["How it is reckoned", "Money lost"]),
    ],
)
def test_a_page_draws_the_pictures_of_the_same_page_on_the_screen(
    print_of: Print, page: str, drawn: list[str]
) -> None:
    [words] = [words for words in print_of("2026-10").pages if page in words.split("\n")]
    letters = words.replace("\n", "")
    assert [text for text in drawn if text not in letters] == []


def test_profit_to_cost_is_a_factor(print_of: Print) -> None:
    # 340 / 12; amounts of money are written with cents, or with their currency.
    customer = print_of("2026-10").pages[4]
    assert "≈ 28.3" in customer.split("\n")
    assert "2,833" not in customer


def test_the_targets_are_told_with_what_became_of_them(print_of: Print) -> None:
    targets = print_of("2026-10").pages[-1].split("\n")
    # Per member, leads reach 1,000, while 19.4 % good leads and €28.3 per lead miss 50 % and €25.
    assert "✓ on target" in targets
    assert "✗ off target" in targets


@pytest.mark.parametrize("period", ["2026-10-31", "2026-W44", "2026-Q4", "2026"])
def test_every_grain_can_be_printed(print_of: Print, period: str) -> None:
    pdf = print_of(period)
    assert len(pdf.pages) >= 7
    assert not re.search(r"\b(nan|None|NaT|inf)\b", pdf.words)


def test_a_period_that_still_runs_says_so(print_of: Print) -> None:
    assert "Q4 2026 (so far)" in print_of("2026-Q4").pages[0]


def test_numbers_are_written_as_the_language_writes_them(print_of: Print) -> None:
    today = print_of("2026-10", "ro").pages[0].split("\n")
    assert {"1.005", "19,4 %"} <= set(today)
    assert language.current() == "ro"


def test_it_is_set_in_its_own_letters_on_a4(print_of: Print) -> None:
    pdf = print_of("2026-10")
    fonts = set(re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([\w-]+)", pdf.content))
    assert fonts
    assert all(font.startswith(b"WarehouseSans") for font in fonts)
    boxes = {
        tuple(map(float, box.split()))
        for box in re.findall(rb"/MediaBox\s*\[([^]]*)\]", pdf.content)
    }
    # A4 is 210 by 297 mm; a point is 1/72 inch of 25.4 mm.
    [(left, bottom, right, top)] = boxes
    assert (left, bottom) == (0, 0)
    assert (right, top) == (
        pytest.approx(210 / 25.4 * 72, abs=0.1),
        pytest.approx(297 / 25.4 * 72, abs=0.1),
    )


def test_what_a_source_called_its_members_is_no_markup(print_of: Print) -> None:
    assert "<b>*Radio*</b> $5" in print_of("2026-10").words


@pytest.mark.parametrize(
    ("period", "said"),
    [("2026-11", "lies after 2026-10-31"), ("2026-05", "lies before the first month")],
)
def test_a_period_without_numbers_is_refused(company: Report, period: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        printed(company, read_period(period))
