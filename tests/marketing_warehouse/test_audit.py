"""The audit: a sound candidate passes, a bad one is held back with its reason and its rows."""

import html
import re
from pathlib import Path

import duckdb
import pytest

import expectations
from expectations.evaluation import evaluating
from expectations.rule import Rule, Suite
from marketing_warehouse import journal
from marketing_warehouse.audit import audit
from marketing_warehouse.audit_record import (
    AuditRecord,
    candidate_sha256,
    read_record,
    write_record,
)
from marketing_warehouse.config import read_config
from marketing_warehouse.errors import (
    AuditBrokenError,
    ExpectationsNotMetError,
    NotAuditedError,
    WarehouseError,
)
from marketing_warehouse.paths import Home
from marketing_warehouse.publish import publish
from tests.small_company import built_company, copy_of, load_id_of


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return built_company(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def audited(company: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small company after its audit; tests read it and leave it as it is."""
    own = copy_of(company, tmp_path_factory.mktemp("audited"))
    audit(own, read_config(own.business_yml), load_id_of(own))
    return own


@pytest.fixture
def own(company: Home, tmp_path: Path) -> Home:
    """The small company before its audit, for one test to spoil."""
    return copy_of(company, tmp_path)


def audit_of(home: Home) -> AuditRecord:
    audit(home, read_config(home.business_yml), load_id_of(home))
    return read_record(home, load_id_of(home))


def audit_step(home: Home) -> journal.Step:
    steps = journal.read_steps(home, load_id_of(home))
    return next(step for step in steps if step.step == "audit")


def spoil(home: Home, sql: str) -> None:
    with duckdb.connect(str(home.candidate)) as connection:
        connection.execute(sql)


def test_a_sound_candidate_passes(audited: Home) -> None:
    record = read_record(audited, load_id_of(audited))

    assert record.passed
    assert record.build_id == load_id_of(audited)
    assert record.candidate_sha256 == candidate_sha256(audited)
    assert {finding.suite for finding in record.results} == {
        suite.name for suite in expectations.suites()
    }
    assert [finding.title for finding in record.results if not finding.success] == []


def test_a_sound_candidate_can_be_published_from_the_same_process(
    audited: Home, tmp_path: Path
) -> None:
    publish(audited, load_id_of(audited))

    with duckdb.connect(str(audited.marts), read_only=True) as connection:
        told = connection.execute("select count(*), bool_and(success) from ops.audits").fetchone()
    assert told == (len(read_record(audited, load_id_of(audited)).results), True)


def test_the_data_docs_tell_of_every_suite_and_call_nobody(audited: Home) -> None:
    pages = {
        page.relative_to(audited.data_docs.parent).parts: page.read_text()
        for page in audited.data_docs.parent.rglob("*.html")
    }
    results = {parts[1]: page for parts, page in pages.items() if parts[0] == "validations"}

    for suite in expectations.suites():
        assert suite.rules[0].notes in html.unescape(results[suite.name])
        assert f">{suite.name}</a></td><td>all met</td>" in audited.data_docs.read_text()
    loaded = re.compile(r"<(script|link|img)[^>]*https?://|url\(.?https?://")
    assert not any(loaded.search(page) for page in pages.values())
    assert not any("newsletter" in page for page in pages.values())


def test_an_audit_leaves_its_candidate_as_it_was(own: Home) -> None:
    before = candidate_sha256(own)

    audit_of(own)

    assert candidate_sha256(own) == before


def test_a_lost_cent_is_held_back_with_rule_rows_and_what_readers_see(own: Home) -> None:
    spoil(
        own,
        """
        update core.orders set net_revenue = net_revenue - 0.01
        where order_id = (select min(order_id) from core.orders where is_completed)
        """,
    )
    load_id = load_id_of(own)

    with pytest.raises(ExpectationsNotMetError) as caught:
        audit_of(own)

    # The order as it is in the marts and as it is in the feed; its customer's sum; nothing else.
    message = str(caught.value)
    assert "core_orders.rows_and_amounts_are_the_feeds (2 rows)" in message
    assert "readers see nothing meanwhile" in message
    kept = own.audits / load_id / "core_orders.rows_and_amounts_are_the_feeds.parquet"
    difference = duckdb.execute(
        "select max(net_revenue) - min(net_revenue) from read_parquet(?)", [str(kept)]
    ).fetchone()
    assert str((difference or [None])[0]) == "0.0100"
    record = read_record(own, load_id)
    assert not record.passed
    assert own.data_docs.exists()
    assert (audit_step(own).outcome, audit_step(own).message) == ("failed", message)
    with pytest.raises(NotAuditedError):
        publish(own, load_id)


def test_a_failed_audit_says_which_day_readers_keep_seeing(own: Home) -> None:
    load_id = load_id_of(own)
    audit_of(own)
    publish(own, load_id)
    spoil(own, "delete from core.ad_spend where rowid = 0")

    with pytest.raises(
        ExpectationsNotMetError, match="readers keep seeing the marts as of 2026-10-31"
    ):
        audit_of(own)


def test_an_audit_that_passes_forgets_the_rows_of_one_that_failed(own: Home) -> None:
    spoil(own, "update ops.rows set read = read + 1 where feed = 'orders'")
    with pytest.raises(ExpectationsNotMetError):
        audit_of(own)
    assert (own.audits / load_id_of(own)).is_dir()
    spoil(own, "update ops.rows set read = read - 1 where feed = 'orders'")

    record = audit_of(own)

    assert record.passed
    assert not (own.audits / load_id_of(own)).exists()


def test_a_suspicion_is_told_and_does_not_block(own: Home) -> None:
    spoil(own, "update ops.sources set refused_reason = 'too many bad rows' where source = 'shop'")

    record = audit_of(own)

    assert record.passed
    assert [finding.title for finding in record.warnings] == ["ops_sources.no_source_was_left_out"]
    assert audit_step(own).outcome == "ok"
    assert "ops_sources.no_source_was_left_out" in audit_step(own).message


def earlier_audits(home: Home, rows_a_day: int) -> None:
    """Leave the records of 28 daily audits before this one, with so many orders more each day."""
    with duckdb.connect(str(home.candidate), read_only=True) as connection:
        (rows,) = connection.execute("select count(*) from core.orders").fetchone() or (0,)
    for days_ago in range(1, 29):
        (as_of,) = duckdb.execute(
            "select cast(date '2026-10-31' - cast(? as integer) as varchar)", [days_ago]
        ).fetchone() or ("",)
        record = AuditRecord(
            build_id=as_of.replace("-", "") + "T050000Z",
            passed=True,
            candidate_sha256="",
            as_of=as_of,
            ended_at=f"{as_of}T05:00:00+00:00",
            results=[],
            # On as-of itself came 20 orders more than the day before.
            mart_rows={"core.orders": rows - 20 - rows_a_day * (days_ago - 1)},
        )
        write_record(home, record)


@pytest.mark.parametrize(
    ("usual", "suspected"),
    [
        pytest.param(20, [], id="as_many_as_ever"),
        pytest.param(29, [], id="a_third_fewer"),
        pytest.param(100, ["core_orders.grows_as_in_the_last_28_loads"], id="a_fifth_of_them"),
        pytest.param(5, ["core_orders.grows_as_in_the_last_28_loads"], id="four_times_as_many"),
    ],
)
def test_a_load_is_compared_with_the_28_before(own: Home, usual: int, suspected: list[str]) -> None:
    earlier_audits(own, usual)

    record = audit_of(own)

    assert [finding.title for finding in record.warnings] == suspected


def test_a_candidate_of_another_load_is_refused(own: Home) -> None:
    later = journal.start(own, journal.through_of(own, load_id_of(own)))

    with pytest.raises(NotAuditedError, match=f"not by {later}"):
        audit(own, read_config(own.business_yml), later)


def test_a_missing_candidate_is_one_clear_sentence(own: Home) -> None:
    own.candidate.unlink()

    with pytest.raises(NotAuditedError, match="There is no candidate"):
        audit_of(own)


def test_a_candidate_that_somebody_writes_is_one_clear_sentence(own: Home) -> None:
    with duckdb.connect(str(own.candidate)), pytest.raises(WarehouseError) as caught:
        audit_of(own)

    assert "Traceback" not in str(caught.value)


@pytest.fixture
def suites_with(monkeypatch: pytest.MonkeyPatch) -> list[Suite]:
    """What the audit takes for its suites, in place of the real ones."""
    chosen: list[Suite] = []
    monkeypatch.setattr("marketing_warehouse.audit.suites", lambda: iter(chosen))
    return chosen


def test_an_expectation_that_breaks_is_an_error_and_no_failure(
    own: Home, suites_with: list[Suite]
) -> None:
    broken = Rule("speaks_of_no_column", "select * from mart where no_such_column = 1", "Mend it.")
    suites_with.append(Suite("core_orders", "core.orders", (broken,)))

    with pytest.raises(AuditBrokenError, match=r"core_orders.speaks_of_no_column could not be"):
        audit_of(own)

    with pytest.raises(NotAuditedError):
        read_record(own, load_id_of(own))


def test_an_engine_that_loses_its_results_is_found_out_by_the_self_test(
    own: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Great Expectations as it is: it closes each connection before it has fetched."""
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine

    monkeypatch.setattr(
        "expectations.evaluation.KeptConnectionEngine.get_connection",
        SqlAlchemyExecutionEngine.get_connection,
    )

    with pytest.raises(AuditBrokenError, match="self-test came out wrong"):
        audit_of(own)


def test_great_expectations_counts_the_rows_that_sql_finds(own: Home) -> None:
    suite = Suite(
        "core_orders",
        "core.orders",
        (
            Rule("none", "select * from mart where gross_amount < 0", "None."),
            Rule("braces", "select {'is': order_id} from mart where '{}' = '{}'", "All."),
        ),
    )
    with duckdb.connect(str(own.candidate), read_only=True) as connection:
        (orders,) = connection.execute("select count(*) from core.orders").fetchone() or (0,)

    with evaluating(own.candidate) as evaluation:
        outcomes = evaluation.outcomes(suite)

    assert [(outcome.failing_rows, outcome.error) for outcome in outcomes] == [
        (0, None),
        (orders, None),
    ]
    # The file is free again for a writer of this very process.
    duckdb.connect(str(own.candidate)).close()
