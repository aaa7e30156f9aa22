"""The choice lives in the address, is carried from page to page, and never breaks a page."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from components.choice import Choice, from_parameters
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
Publish = Callable[..., None]


def address_of(test: AppTest) -> dict[str, str]:
    """Return the address's parameters; the test client gives some as lists of one."""
    parameters = dict(test.query_params)
    return {name: text if isinstance(text, str) else text[0] for name, text in parameters.items()}


def test_an_address_says_the_whole_choice_and_back() -> None:
    choice = Choice(
        grain="week",
        since=date(2026, 8, 3),
        until=date(2026, 9, 30),
        period=date(2026, 8, 31),
        compare="last_year",
        dimension="method",
        member="Google Ads",
        kpi="leads",
        feed="orders",
        source="shop",
    )
    assert from_parameters(choice.as_parameters()) == choice


def test_what_an_address_does_not_say_is_left_to_the_page() -> None:
    assert from_parameters({}) == Choice()


@pytest.mark.parametrize(
    ("parameters", "understood"),
    [
        ({"grain": "hour"}, Choice()),
        ({"dimension": "colour"}, Choice()),
        ({"from": "yesterday", "to": "2026-13-40", "period": "x"}, Choice()),
        (
            {"from": "2026-09-30", "to": "2026-08-03"},
            Choice(since=date(2026, 8, 3), until=date(2026, 9, 30)),
        ),
    ],
)
def test_what_cannot_be_read_in_an_address_is_left_to_the_page(
    parameters: dict[str, str], understood: Choice
) -> None:
    assert from_parameters(parameters) == understood


def test_widgets_show_what_the_address_says(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page(
        "sales", grain="week", dimension="unit", member="Cluj", from_="2026-08-03", to="2026-09-30"
    )
    assert test.button_group(key="widget_grain").value == "week"
    assert test.selectbox(key="widget_dimension").value == "unit"
    assert test.selectbox(key="widget_member").value == "Cluj"
    assert test.date_input(key="widget_dates").value == (date(2026, 8, 3), date(2026, 9, 30))


def test_a_changed_widget_changes_the_address(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page("acquisition")
    test.selectbox(key="widget_dimension").select("method").run()
    test.selectbox(key="widget_member").select("Fair").run()
    test.button_group(key="widget_grain").set_value("quarter").run()
    test.date_input(key="widget_dates").set_value((date(2026, 7, 1), date(2026, 9, 30))).run()
    assert address_of(test) == {
        "grain": "quarter",
        "dimension": "method",
        "member": "Fair",
        "from": "2026-07-01",
        "to": "2026-09-30",
    }
    assert test.selectbox(key="widget_period").options == ["Q3 2026"]
    assert not test.exception


def test_a_choice_is_carried_to_the_next_page(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page("acquisition")
    test.button_group(key="widget_grain").set_value("week").run()
    test.selectbox(key="widget_dimension").select("method").run()
    test.query_params.clear()  # as a browser does on the way to another page
    test.switch_page("app_pages/retention.py").run()
    assert test.button_group(key="widget_grain").value == "week"
    assert test.selectbox(key="widget_dimension").value == "method"
    assert address_of(test) == {"grain": "week", "dimension": "method"}


def test_a_dimension_that_a_page_lacks_shows_the_whole_business_and_says_so(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    test = open_page("retention", dimension="employee")
    assert test.selectbox(key="widget_dimension").value == "all"
    assert any("no numbers by employee" in caption.value for caption in test.caption)


def test_a_member_that_is_gone_shows_all_members(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page("acquisition", dimension="method", member="Carrier pigeon")
    assert test.selectbox(key="widget_member").value == ""
    assert not test.exception


def test_dates_outside_the_data_are_moved_to_its_bounds(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    test = open_page("acquisition", from_="1999-01-01", to="2099-01-01")
    since, until = test.date_input(key="widget_dates").value
    assert until == date(2026, 10, 31)
    # The year's row of the scorecard begins first.
    assert since == date(2026, 1, 1)
    assert not test.exception


def test_a_kpi_of_another_page_falls_back_to_the_main_one(
    publish: Publish, open_page: OpenPage
) -> None:
    publish()
    test = open_page("acquisition", kpi="orders")
    assert test.selectbox(key="widget_kpi").value == "leads"
    test.selectbox(key="widget_kpi").select("contacts").run()
    assert address_of(test)["kpi"] == "contacts"
    assert any("1,005 in October 2026" in text.proto.body for text in test.get("html"))


def test_numbers_are_held_against_last_year_when_asked(
    publish: Publish, open_page: OpenPage, write_marts: Callable[..., None], tmp_path: Path
) -> None:
    """October is the 5th month in 2025 and the 17th in 2026: 1,017 leads after 1,005."""
    file = tmp_path / "two-years.duckdb"
    write_marts(file, "two-years", date(2025, 6, 10), date(2026, 10, 31), "Nordic Espresso")
    publish(file=file)
    test = open_page("acquisition", compare="last_year")
    said = " ".join(element.proto.body for element in test.get("html")).replace("\u00a0", " ")
    assert "▲ 1.2 %, better" in said
    assert "October 2025: 1,005" in said
    test.button_group(key="widget_compare").set_value("previous").run()
    said = " ".join(element.proto.body for element in test.get("html")).replace("\u00a0", " ")
    # September is the 16th month.
    assert "September 2026: 1,016" in said
    assert "compare" not in address_of(test)
