"""A load ends green only when everything was published."""

from contextlib import suppress
from datetime import date

import pytest

from marketing_warehouse import journal
from marketing_warehouse.conclude import conclude
from marketing_warehouse.errors import IncompleteLoadError, SourceUnavailableError, WarehouseError
from marketing_warehouse.paths import Home


@pytest.fixture
def load_id(home: Home) -> str:
    return journal.start(home, date(2026, 1, 31))


def note(home: Home, load_id: str, *steps: str) -> None:
    for step in steps:
        with journal.step(home, load_id, step):
            pass


def note_failure(home: Home, load_id: str, step: str, said: str, source: str | None = None) -> None:
    with suppress(WarehouseError), journal.step(home, load_id, step, source=source):
        raise SourceUnavailableError(said)


def test_a_load_that_published_everything_ends_well(home: Home, load_id: str) -> None:
    note(home, load_id, "plan", "load", "build", "audit", "publish")
    conclude(home, load_id)
    assert journal.read_steps(home, load_id)[-1].outcome == "ok"


def test_a_source_that_could_not_be_landed_is_named_though_the_rest_is_published(
    home: Home, load_id: str
) -> None:
    note(home, load_id, "plan", "load", "build", "audit", "publish")
    note_failure(home, load_id, "land", "Source crm did not answer.", source="crm")
    with pytest.raises(IncompleteLoadError, match=r"without the news of crm: Source crm did not"):
        conclude(home, load_id)


def test_sources_that_were_refused_at_loading_are_named(home: Home, load_id: str) -> None:
    note(home, load_id, "plan", "build", "audit", "publish")
    with journal.step(home, load_id, "load") as entry:
        entry.details = {"refused": {"shop": "Source shop: no total.", "till": "Source till: no."}}
    with pytest.raises(IncompleteLoadError, match=r"the news of shop and till: Source shop: no"):
        conclude(home, load_id)


def test_a_step_that_failed_is_the_reason_that_nothing_was_published(
    home: Home, load_id: str
) -> None:
    note(home, load_id, "plan", "load", "build")
    note_failure(home, load_id, "audit", "The rule unique_orders failed on 3 rows.")
    with pytest.raises(WarehouseError, match=r"Nothing was published: The rule unique_orders"):
        conclude(home, load_id)


def test_a_step_that_never_ran_is_named(home: Home, load_id: str) -> None:
    note(home, load_id, "plan", "load", "build")
    with pytest.raises(WarehouseError, match="these steps were not run: audit and publish"):
        conclude(home, load_id)


def test_the_journal_of_a_step_called_load_leaves_the_load_its_last_day(
    home: Home, load_id: str
) -> None:
    note(home, load_id, "load")
    assert journal.through_of(home, load_id) == date(2026, 1, 31)
