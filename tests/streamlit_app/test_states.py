"""Nothing published, one day, a failed load, a new publication: each is told in plain words."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from marketing_warehouse import journal
from marketing_warehouse.errors import ExpectationsNotMetError, SourceUnavailableError
from marketing_warehouse.paths import HOME_VARIABLE, Home

PAGES = (
    "overview",
    "acquisition",
    "sales",
    "retention",
    "customer",
    "weak_places",
    "targets",
    "data_health",
)
BUILD = "20261101T025000Z"

OpenPage = Callable[..., AppTest]
Publish = Callable[..., None]
WriteMarts = Callable[[Path, str, date, date, str], None]


def plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def headline_of(test: AppTest) -> str:
    return " ".join(element.proto.body for element in test.get("html"))


def write_journal(home: Home, load_id: str, *steps: tuple[str, str, str]) -> None:
    """Write down a load: its steps with their outcome and message."""
    folder = home.loads / load_id
    folder.mkdir(parents=True)
    (folder / "about.json").write_text(json.dumps({"load_id": load_id, "through": "2026-10-31"}))
    for name, outcome, message in steps:
        entry = {
            "step": name,
            "source": None,
            "started_at": "2026-11-01T03:00:00.000+00:00",
            "ended_at": "2026-11-01T03:01:00.000+00:00",
            "outcome": outcome,
            "message": message,
        }
        (folder / f"{name}.json").write_text(json.dumps(entry))


# ------------------------------------------------------------------------------ another version


@pytest.mark.parametrize("page", PAGES)
def test_marts_of_an_earlier_version_are_one_sentence_on_every_page(
    publish: Publish, open_page: OpenPage, home: Home, company_file: Path, tmp_path: Path, page: str
) -> None:
    earlier = tmp_path / "earlier.duckdb"
    shutil.copyfile(company_file, earlier)
    with duckdb.connect(str(earlier)) as connection:
        connection.execute("drop table kpi.levers")
    publish(file=earlier)
    test = open_page(page)
    assert not test.exception
    assert [plain(error.value) for error in test.error] == [
        "These marts were published by an earlier version, without kpi.levers: run "
        f"`warehouse load --home {home.path}` to publish them anew."
    ]


# ------------------------------------------------------------------------------ nothing yet


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_home_says_what_to_do(open_page: OpenPage, page: str) -> None:
    test = open_page(page)
    assert not test.exception
    assert ["Nothing is published" in plain(info.value) for info in test.info] == [True]
    assert "warehouse load" in plain(test.info[0].value)


def test_a_first_load_that_failed_is_told_on_the_empty_page(
    open_page: OpenPage, home: Home
) -> None:
    write_journal(home, BUILD, ("audit", "failed", "Revenue does not add up."))
    test = open_page()
    assert [plain(error.value) for error in test.error] == [
        "Nothing is published yet, because the last load failed: Revenue does not add up."
    ]


def test_a_first_load_at_work_is_told_on_the_empty_page(open_page: OpenPage, home: Home) -> None:
    with journal.step(home, journal.start(home, date(2026, 10, 31)), "build"):
        test = open_page()
    assert "first load is at work" in test.info[0].value
    assert not test.exception


def test_a_report_without_a_home_says_which_setting_is_missing(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME_VARIABLE)
    test = open_page()
    assert not test.exception
    assert HOME_VARIABLE in plain(test.error[0].value)


def test_a_broken_publication_is_one_sentence(
    publish: Publish, open_page: OpenPage, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_text("this is no database " * 1000)
    publish(file=broken)
    test = open_page()
    assert not test.exception
    assert "warehouse rollback" in plain(test.error[0].value)


# ------------------------------------------------------------------------------ little data


@pytest.mark.parametrize("page", PAGES)
def test_one_day_of_data_is_shown_without_a_trend(
    publish: Publish, open_page: OpenPage, write_marts: WriteMarts, tmp_path: Path, page: str
) -> None:
    day = date(2026, 10, 31)
    write_marts(tmp_path / "day.duckdb", "one-day", day, day, "Nordic Espresso")
    publish(file=tmp_path / "day.duckdb")
    for grain in ("day", "month"):
        test = open_page(page, grain=grain)
        assert not test.exception
        assert not test.error
        assert "Data as of 31 Oct 2026" in headline_of(test)
        if page not in ("weak_places", "data_health"):
            assert any("Only one period so far" in plain(text.value) for text in test.caption)


def test_dates_without_numbers_say_what_to_choose(publish: Publish, open_page: OpenPage) -> None:
    publish()
    test = open_page("sales", grain="day", from_="2026-02-01", to="2026-02-10")
    assert not test.exception
    assert "There are no numbers from 1 Feb 2026 to 10 Feb 2026" in plain(test.info[0].value)
    assert "up to 31 Oct 2026" in plain(test.info[0].value)


# ------------------------------------------------------------------------------ the last load


@pytest.mark.parametrize("page", PAGES)
def test_a_failed_last_load_is_told_on_every_page_over_the_numbers_before_it(
    publish: Publish, open_page: OpenPage, home: Home, page: str
) -> None:
    publish(BUILD)
    write_journal(
        home,
        "20261102T025000Z",
        ("build", "ok", ""),
        ("audit", "failed", "Orders: 3 rows are *missing*."),
    )
    test = open_page(page)
    assert not test.exception
    said = plain(test.error[0].value)
    assert "did not publish: Orders: 3 rows are *missing*." in said
    assert "as of 31 Oct 2026" in said
    # 03:00 UTC is 05:00 in Bucharest in winter.
    assert "1 Nov 2026, 05:00" in said
    assert "Data as of 31 Oct 2026" in headline_of(test)


def test_a_load_that_was_killed_is_told(publish: Publish, open_page: OpenPage, home: Home) -> None:
    publish(BUILD)
    write_journal(home, "20261102T025000Z", ("plan", "ok", ""))
    file = home.loads / "20261102T025000Z" / "build.json"
    began = (datetime.now(UTC) - timedelta(hours=5)).isoformat()
    file.write_text(
        json.dumps({"step": "build", "source": None, "started_at": began, "outcome": "running"})
    )
    assert "stopped before its end" in plain(open_page().error[0].value)


def test_a_published_load_without_a_source_is_told(
    publish: Publish, open_page: OpenPage, home: Home
) -> None:
    publish(BUILD)
    write_journal(home, BUILD, ("land", "failed", "crm did not answer."), ("publish", "ok", ""))
    test = open_page()
    assert not test.error
    assert "without everything: crm did not answer." in plain(test.warning[0].value)


def test_a_load_that_published_needs_no_banner(
    publish: Publish, open_page: OpenPage, home: Home
) -> None:
    publish(BUILD)
    write_journal(home, BUILD, ("publish", "ok", ""), ("conclude", "ok", ""))
    test = open_page()
    assert [list(test.error), list(test.warning), list(test.info)] == [[], [], []]


def test_an_earlier_publication_that_was_put_back_is_told(
    publish: Publish, open_page: OpenPage, home: Home
) -> None:
    publish(BUILD)
    write_journal(home, "20261102T025000Z", ("publish", "ok", ""))
    assert f"you see build {BUILD}" in plain(open_page().info[0].value)


def test_a_load_at_work_is_told_quietly(publish: Publish, open_page: OpenPage, home: Home) -> None:
    publish(BUILD)
    load_id = journal.start(home, date(2026, 10, 31))
    with pytest.raises(SourceUnavailableError), journal.step(home, load_id, "land", "crm"):
        raise SourceUnavailableError("crm did not answer.")
    with journal.step(home, load_id, "load"):
        test = open_page()
    assert not test.error
    assert any("is at work" in caption.value for caption in test.caption)


# ------------------------------------------------------------------------------ a new publication


def test_a_new_publication_is_shown_by_the_next_run_without_a_restart(
    publish: Publish, open_page: OpenPage, write_marts: WriteMarts, tmp_path: Path
) -> None:
    publish("20261101T025000Z")
    test = open_page("acquisition")
    assert "Data as of 31 Oct 2026" in headline_of(test)
    # One more month: November is the sixth since June, so there are 1000 + 6 leads.
    write_marts(
        tmp_path / "next.duckdb", "next", date(2026, 6, 10), date(2026, 11, 30), "Nordic Espresso"
    )
    publish("20261201T025000Z", tmp_path / "next.duckdb")
    test.run()
    assert not test.exception
    assert "Data as of 30 Nov 2026" in headline_of(test)
    assert '<div class="value">1,006</div>' in headline_of(test)


def test_going_back_one_publication_is_shown_too(
    publish: Publish, open_page: OpenPage, home: Home, write_marts: WriteMarts, tmp_path: Path
) -> None:
    publish("20261101T025000Z")
    write_marts(
        tmp_path / "next.duckdb", "next", date(2026, 6, 10), date(2026, 11, 30), "Nordic Espresso"
    )
    publish("20261201T025000Z", tmp_path / "next.duckdb")
    test = open_page()
    assert "Data as of 30 Nov 2026" in headline_of(test)
    home.marts.unlink()
    home.marts.symlink_to("marts-20261101T025000Z.duckdb")
    test.run()
    assert "Data as of 31 Oct 2026" in headline_of(test)


def test_an_open_page_notices_a_publication_a_new_load_and_its_end(
    publish: Publish, home: Home
) -> None:
    """What the page compares every few seconds changes with each of the three."""
    from components import frame

    from marketing_warehouse import read

    def seen() -> frame.State:
        return frame.state_of(home, read.last_attempt(home))

    states = [seen()]
    publish("1")
    states.append(seen())
    load_id = journal.start(home, date(2026, 10, 31))
    with journal.step(home, load_id, "audit"):
        states.append(seen())
    with pytest.raises(ExpectationsNotMetError), journal.step(home, load_id, "publish"):
        raise ExpectationsNotMetError("Revenue does not add up.")
    states.append(seen())
    assert len(set(states)) == 4
    assert seen() == seen()


def test_the_last_loads_are_told_with_the_time_of_each_step(
    publish: Publish, open_page: OpenPage, home: Home
) -> None:
    publish(BUILD)
    with journal.step(home, journal.start(home, date(2026, 10, 30)), "publish"):
        pass
    load_id = journal.start(home, date(2026, 10, 31))
    with journal.step(home, load_id, "land", "shop"):
        pass
    with pytest.raises(ExpectationsNotMetError), journal.step(home, load_id, "audit"):
        raise ExpectationsNotMetError("Revenue does not add up.")

    test = open_page("data_health")

    [loads] = [frame.value for frame in test.dataframe if "plan, s" in frame.value.columns]
    assert list(loads["Through"]) == ["31 Oct 2026", "30 Oct 2026"]
    assert list(loads["It was"]) == ["not published", "published"]
    assert list(loads["What happened"]) == ["Revenue does not add up.", ""]
    not_begun, took = loads["publish, s"]
    assert not_begun == "\u2013"
    assert float(took) >= 0
    [steps] = [frame.value for frame in test.dataframe if "Step" in frame.value.columns]
    assert list(steps["Step"]) == ["land", "audit"]
    assert list(steps["Source"]) == ["shop", ""]
