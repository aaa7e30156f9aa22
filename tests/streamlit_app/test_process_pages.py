"""Attract, Sell and Keep answer their questions; what is expected is worked out from the fixture.

October 2026 is the fifth month since June, so in the scorecard a count of member m is 1000 m + 5, a
share is 12 of 31 or 62, and a cost per piece is 340 / 12.
"""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
Publish = Callable[..., None]
WriteMarts = Callable[[Path, str, date, date, str], None]


def said_by(test: AppTest) -> str:
    """Return every sentence of a page, without the escapes of Markdown, all spaces alike."""
    assert [error.message for error in test.exception] == []
    kinds = (test.markdown, test.caption, test.info, test.error)
    text = [element.value for kind in kinds for element in kind]
    html = [element.proto.body for element in test.get("html")]
    return unescape(re.sub(r"\\(.)", r"\1", " ".join(html + text))).replace("\u00a0", " ")


# ------------------------------------------------------------------------------ Attract


def test_attract_shows_cost_quantity_and_quality_of_the_methods_at_once(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    said = said_by(open_page("acquisition"))
    # Radio is the fifth method: 5 * 1000 + 5 leads. All costs are alike, so the first by name is
    # the cheapest; the fair's share is 12 of 31, that of others 12 of 62.
    assert (
        "Most leads from <b>*Radio*</b> $5 (5,005), the cheapest from <b>*Radio*</b> $5 (€28.3), "
        "the best from Fair (38.7 %)" in said
    )
    assert "Spent, and nothing came of it yet: Shop window (€340)." in said
    assert "<b>*Radio" not in " ".join(
        element.proto.body for element in open_page("acquisition").get("html")
    )


def test_attract_answers_in_a_sentence(publish: Publish, open_page: OpenPage) -> None:
    publish()
    said = said_by(open_page("acquisition"))
    expected = "Whole business: 1,005 leads in October 2026 for €28.3 each, and 19.4 % of them"
    assert expected in said
    assert "Fair: 2,005 leads in October 2026" in said_by(
        open_page("acquisition", dimension="method", member="Fair")
    )


def test_attract_holds_the_cost_of_a_lead_against_their_number(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    # June has 1,001 leads and October 1,005; a lead costs the same in both.
    expected = "Cost per lead against leads: €28.3 at 1,005, €28.3 at 1,001"
    assert expected in said_by(open_page("acquisition"))


# ------------------------------------------------------------------------------ Sell


def test_sell_tells_the_discipline_of_the_whole_team(publish: Publish, open_page: OpenPage) -> None:
    publish()
    said = said_by(open_page("sales"))
    # Ana ignored 3 and Bogdan 4; Ana worked on 4 that the filter cuts.
    assert "7 good leads were not called in time, 4 cut ones were worked on" in said
    assert "“budget” cuts most: 6 leads; 1 of them bought all the same and brought €40" in said


@pytest.mark.parametrize(
    ("dimension", "member", "expected"),
    [
        ("employee", "Ana", "3 good leads were not called in time, 4 cut ones were worked on"),
        ("unit", "Iasi", "4 good leads were not called in time, 0 cut ones were worked on"),
        ("method", "Fair", "3 good leads were not called in time, 4 cut ones were worked on"),
        ("employee", "(none)", "No lead in these months"),
    ],
)
def test_discipline_follows_the_member_that_is_looked_at(
    publish: Publish, open_page: OpenPage, dimension: str, member: str, expected: str
) -> None:
    publish()
    assert expected in said_by(open_page("sales", dimension=dimension, member=member))


def test_a_quarter_adds_up_the_discipline_of_its_months(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    said = said_by(open_page("sales", grain="quarter", period="2026-07-01"))
    assert "21 good leads were not called in time, 12 cut ones were worked on" in said


def test_a_week_is_shown_with_the_discipline_of_its_month_and_says_so(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    said = said_by(open_page("sales", grain="week", period="2026-10-12"))
    assert "these are the leads from 1 Oct 2026 to 31 Oct 2026" in said
    assert "7 good leads were not called in time" in said


def test_leads_are_listed_by_id_once_their_kind_is_asked_for(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    test = open_page("sales", dimension="employee", member="Ana")
    before = len(test.dataframe)
    test.pills(key="widget_leads").set_value("bad_worked").run()
    assert len(test.dataframe) == before + 1
    leads = next(shown.value for shown in test.dataframe if "Lead" in shown.value.columns)
    # One a day in October, the newest first; at ten in the morning UTC, two hours later here.
    assert list(leads["Lead"])[:2] == ["cut-20261031", "cut-20261030"]
    assert len(leads) == 31
    assert leads["Came"][0] == "31 Oct 2026, 12:00"
    assert leads["Cut by"][0] == "buys soon"
    assert "31 leads." in said_by(test)
    assert not any("hash" in str(cell) for row in leads.to_numpy() for cell in row)


def test_a_kind_without_leads_says_so(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page("sales", dimension="employee", member="=Bogdan")
    test.pills(key="widget_leads").set_value("good_ignored").run()
    assert "There is no such lead in these months." in said_by(test)


def test_a_viewer_sees_no_single_lead(
    publish: Publish, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from components import access

    publish()
    monkeypatch.setattr(access, "role", lambda: access.Role.VIEWER)
    test = open_page("sales")
    assert "Single leads are shown to owners and analysts." in said_by(test)
    assert not [pills for pills in test.get("button_group") if pills.key == "widget_leads"]


def test_conversion_can_be_read_where_it_is_final(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page("sales")
    # 90 days have passed since the end of July, not of August.
    periods = next(
        group
        for group in test.get("button_group")
        if group.key == "widget_period_of_lead_to_customer_rate"
    )
    assert list(periods.options) == ["October 2026, still moving", "July 2026, final"]


# ------------------------------------------------------------------------------ Keep


def test_keep_compares_cohorts_at_the_same_age(publish: Publish, open_page: OpenPage) -> None:
    publish()
    # In every cohort 4 of 40 more have come back with each month.
    said = said_by(open_page("retention"))
    assert (
        "Came back by then, 2 months on: 20 % of those of August 2026, 20 % of those of June"
        in said
    )


def test_cohorts_can_show_what_a_head_has_brought(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page("retention")
    test.button_group(key="widget_cohorts").set_value("profit_per_head").run()
    # 30 + 2 * 5
    assert "Gross profit per head so far, 2 months on: 40 of those of August 2026" in said_by(test)


def test_keep_names_the_latest_repeat_rate_that_is_final(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    # 90 days have passed since July, the second month: 12 + 2 of 62.
    expected = "Came back within 90 days: 22.6 % of the first buyers of July 2026"
    assert expected in said_by(open_page("retention"))


def test_keep_holds_members_against_others(publish: Publish, open_page: OpenPage) -> None:
    publish()
    # 5,000 / 20 and 2,000 / 10.
    expected = "An active member brought €250 revenue in October 2026, another customer €200"
    assert expected in said_by(open_page("retention"))


def test_cohorts_say_that_they_are_of_the_whole_business(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    said = said_by(open_page("retention", dimension="method", member="Fair"))
    assert "Cohorts are of the whole business, not of one method." in said


# ------------------------------------------------------------------------------ little data


@pytest.mark.parametrize("page", ["acquisition", "sales", "retention"])
def test_a_published_warehouse_without_any_row_says_what_to_choose(
    publish: Publish, open_page: OpenPage, write_marts: WriteMarts, tmp_path: Path, page: str
) -> None:
    """A business that has set everything up and has had no event yet."""
    tomorrow, today = date(2026, 11, 1), date(2026, 10, 31)
    write_marts(tmp_path / "empty.duckdb", "empty", tomorrow, today, "Nordic Espresso")
    publish(file=tmp_path / "empty.duckdb")
    test = open_page(page)
    assert "There are no numbers" in said_by(test)
    assert not test.get("vega_lite_chart")
