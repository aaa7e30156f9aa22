"""Does each suite let a sound mart pass, and really catch one that was tampered with?"""

import importlib
import pkgutil
from pathlib import Path

import duckdb
import pytest

import tests.expectations
from expectations import suites
from expectations.rule import CRITICAL
from marketing_warehouse.audit import prepare
from marketing_warehouse.audit_record import read_build
from marketing_warehouse.config import read_config
from tests.expectations.tampering import RULES, failing_rows, tamper
from tests.small_company import built_company, copy_of, load_id_of

FIRST_ORDER = "order_id = (select min(order_id) from core.orders where is_completed)"
FIRST_LEAD = "lead_id = (select min(lead_id) from core.leads where is_lead and is_qualified)"
FIRST_CUSTOMER = (
    "person_key = (select min(person_key) from core.customers where lead_id is not null)"
)
FIRST_EVENT = "event_id = (select min(event_id) from core.loyalty_events where cost is not null)"
FIRST_ACTIVITY = "activity_id = (select min(activity_id) from core.lead_activities)"
ONE_SPEND = "rowid = (select min(rowid) from core.ad_spend)"
ONE_SHARE = "rowid = (select min(rowid) from core.process_cost_shares where amount > 1)"
ONE_RATE = "rowid = (select min(rowid) from core.fx_rates)"
ONE_REVENUE = (
    "kpi = 'revenue' and dimension = 'all' and period_grain = 'month' "
    "and period_start = date '2026-09-01'"
)
ONE_METHOD = """
    rowid = (
        select min(rowid) from kpi.scorecard where kpi = 'revenue' and dimension = 'method'
            and period_grain = 'quarter' and numerator > 1
    )
"""
ONE_RATIO = """
    rowid = (
        select min(rowid) from kpi.scorecard
        where kpi = 'lead_quality_rate' and denominator > 1 and is_mature
    )
"""
DOUBLED = "insert into {0} select * from {0} where {1}"

# What was done to the mart, how, and the rule that must see it.
TAMPERED = [
    (
        "a lost cent of spend",
        f"update core.ad_spend set amount = amount - 0.01 where {ONE_SPEND}",
        "core_ad_spend.rows_and_amounts_are_the_feeds",
    ),
    (
        "a lost row of spend",
        f"delete from core.ad_spend where {ONE_SPEND}",
        "core_ad_spend.rows_and_amounts_are_the_feeds",
    ),
    (
        "a doubled row of spend",
        DOUBLED.format("core.ad_spend", ONE_SPEND),
        "core_ad_spend.rows_and_amounts_are_the_feeds",
    ),
    (
        "negative spend",
        f"update core.ad_spend set amount = -1 where {ONE_SPEND}",
        "core_ad_spend.nothing_is_spent_after_as_of_or_below_zero",
    ),
    (
        "spend of tomorrow",
        f"update core.ad_spend set spend_date = date '2026-11-01' where {ONE_SPEND}",
        "core_ad_spend.nothing_is_spent_after_as_of_or_below_zero",
    ),
    (
        "more clicks than impressions",
        f"update core.ad_spend set clicks = impressions + 1 where {ONE_SPEND}",
        "core_ad_spend.clicks_are_fewer_than_impressions",
    ),
    (
        "spend that stopped a month ago",
        "delete from core.ad_spend where spend_date > date '2026-10-01'",
        "core_ad_spend.is_as_fresh_as_usual",
    ),
    (
        "a lost contact",
        f"delete from core.leads where {FIRST_LEAD}",
        "core_leads.rows_and_amounts_are_the_feeds",
    ),
    (
        "a contact of another method",
        f"update core.leads set method = 'rumour' where {FIRST_LEAD}",
        "core_leads.rows_and_amounts_are_the_feeds",
    ),
    (
        "a lead that is not counted",
        f"update core.leads set is_lead = false where {FIRST_LEAD}",
        "core_leads.an_explicit_act_makes_a_lead_or_a_duplicate",
    ),
    (
        "a duplicate of somebody else's lead",
        """
        update core.leads set counted_lead_id = (
            select min(other.lead_id) from core.leads as other
            where other.is_lead and other.person_key <> core.leads.person_key
        )
        where is_duplicate
        """,
        "core_leads.a_duplicate_repeats_an_earlier_lead_of_its_person",
    ),
    (
        "a qualified lead that was cut",
        f"update core.leads set cut_by = 'budget' where {FIRST_LEAD}",
        "core_leads.verdicts_and_deeds_agree",
    ),
    (
        "a lead of tomorrow",
        f"update core.leads set lead_date = date '2026-11-01' where {FIRST_LEAD}",
        "core_leads.nothing_happens_after_as_of",
    ),
    (
        "leads that stopped a month ago",
        "delete from core.leads where lead_date > date '2026-10-01'",
        "core_leads.is_as_fresh_as_usual",
    ),
    (
        "a lost activity",
        f"delete from core.lead_activities where {FIRST_ACTIVITY}",
        "core_lead_activities.rows_and_amounts_are_the_feeds",
    ),
    (
        "an activity of tomorrow",
        f"update core.lead_activities set activity_date = date '2026-11-01' where {FIRST_ACTIVITY}",
        "core_lead_activities.nothing_happens_after_as_of",
    ),
    (
        "activities of unknown leads",
        "update core.lead_activities set lead_id = 'crm2:' || lead_id",
        "core_lead_activities.most_activities_name_a_known_lead",
    ),
    (
        "a lost cent of revenue",
        f"update core.orders set net_revenue = net_revenue - 0.01 where {FIRST_ORDER}",
        "core_orders.rows_and_amounts_are_the_feeds",
    ),
    (
        "a lost order",
        f"delete from core.orders where {FIRST_ORDER}",
        "core_orders.rows_and_amounts_are_the_feeds",
    ),
    (
        "a doubled order",
        DOUBLED.format("core.orders", FIRST_ORDER),
        "core_orders.rows_and_amounts_are_the_feeds",
    ),
    (
        "an order on the wrong day",
        f"update core.orders set order_date = order_date - 1 where {FIRST_ORDER}",
        "core_orders.rows_and_amounts_are_the_feeds",
    ),
    (
        "a completed order that is not counted",
        f"update core.orders set is_completed = false where {FIRST_ORDER}",
        "core_orders.rows_and_amounts_are_the_feeds",
    ),
    (
        "an order below zero",
        f"update core.orders set gross_amount = -1 where {FIRST_ORDER}",
        "core_orders.nothing_is_sold_after_as_of_or_below_zero",
    ),
    (
        "a person with two first orders",
        "update core.orders set person_order_number = 1 where person_order_number = 2",
        "core_orders.a_person_s_completed_orders_are_numbered_without_a_gap",
    ),
    (
        "a refund of more than was paid",
        f"update core.orders set refund_amount = gross_amount + 1 where {FIRST_ORDER}",
        "core_orders.refunds_do_not_exceed_what_was_paid",
    ),
    (
        "a lost customer",
        f"delete from core.customers where {FIRST_CUSTOMER}",
        "core_customers.customers_are_those_with_enough_orders",
    ),
    (
        "a customer with a cent less",
        f"update core.customers set gross_profit = gross_profit - 0.01 where {FIRST_CUSTOMER}",
        "core_customers.customers_are_those_with_enough_orders",
    ),
    (
        "a customer since another moment",
        f"update core.customers set customer_since = timestamp '2026-07-05' where {FIRST_CUSTOMER}",
        "core_customers.customers_are_those_with_enough_orders",
    ),
    (
        "a customer of another method",
        f"update core.customers set method = 'rumour' where {FIRST_CUSTOMER}",
        "core_customers.a_customer_s_lead_is_a_counted_lead",
    ),
    (
        "a customer won tomorrow",
        f"update core.customers set customer_since_date = date '2026-11-01' where {FIRST_CUSTOMER}",
        "core_customers.nobody_is_won_after_as_of",
    ),
    (
        "a lost cent of loyalty",
        f"update core.loyalty_events set cost_converted = 0 where {FIRST_EVENT}",
        "core_loyalty_events.rows_and_amounts_are_the_feeds",
    ),
    (
        "loyalty that earns money",
        f"update core.loyalty_events set cost = -1 where {FIRST_EVENT}",
        "core_loyalty_events.nothing_happens_after_as_of_or_costs_less_than_nothing",
    ),
    (
        "a lost line of the ledger",
        "delete from core.process_costs where rowid = 0",
        "core_process_costs.rows_and_amounts_are_the_feeds",
    ),
    (
        "a cost that ends before it begins",
        "update core.process_costs set period_end = period_start - 1",
        "core_process_costs.no_cost_begins_after_as_of_or_ends_before_it_began",
    ),
    (
        "a lost hundredth of a cent of a share",
        f"update core.process_cost_shares set amount = amount - 0.0001 where {ONE_SHARE}",
        "core_process_cost_shares.shares_of_a_day_add_up_to_the_ledger",
    ),
    (
        "a share of tomorrow",
        f"update core.process_cost_shares set cost_date = date '2026-11-01' where {ONE_SHARE}",
        "core_process_cost_shares.no_share_lies_after_as_of",
    ),
    (
        "named costs that fell on others",
        "update core.process_cost_shares set employee = 'Somebody Else'",
        "core_process_cost_shares.what_a_cost_names_stays",
    ),
    (
        "a negative rate",
        f"update core.fx_rates set rate = -1 where {ONE_RATE}",
        "core_fx_rates.rates_are_above_zero_and_the_euro_is_one",
    ),
    (
        "a rate that is not the bank's",
        f"update core.fx_rates set rate = rate + 0.0001 where {ONE_RATE}",
        "core_fx_rates.rows_and_amounts_are_the_feeds",
    ),
    (
        "a rate without its comma",
        """
        update core.fx_rates set rate = rate * 1000 where rate_date = date '2026-10-15'
        """,
        "core_fx_rates.no_rate_jumps_to_its_double_or_half",
    ),
    (
        "a target that nobody set",
        "update core.kpi_targets set target = target + 1",
        "core_kpi_targets.rows_and_amounts_are_the_feeds",
    ),
    (
        "a method without a cent of its revenue",
        f"update kpi.scorecard set numerator = numerator - 0.01 where {ONE_METHOD}",
        "kpi_scorecard.members_add_up_to_all",
    ),
    (
        "a dimension that is not there",
        "delete from kpi.scorecard where kpi = 'sales_cost' and dimension = 'employee'",
        "kpi_scorecard.members_add_up_to_all",
    ),
    (
        "a month without a cent of its revenue",
        f"update kpi.scorecard set numerator = numerator - 0.01 where {ONE_REVENUE}",
        "kpi_scorecard.every_period_adds_up_to_the_feeds",
    ),
    (
        "a lead too many",
        """
        update kpi.scorecard set numerator = numerator + 1
        where kpi = 'leads' and dimension = 'all' and period_grain = 'year'
        """,
        "kpi_scorecard.leads_and_customers_are_those_of_core",
    ),
    (
        "a scorecard that ends yesterday",
        "delete from kpi.scorecard where period_grain = 'day' and period_start = date '2026-10-31'",
        "kpi_scorecard.all_has_every_kpi_in_every_period_up_to_as_of",
    ),
    (
        "an immature value that is judged",
        """
        update kpi.scorecard set target = value, status = 'on_target'
        where kpi = 'lead_to_customer_rate' and not is_mature and value is not null
        """,
        "kpi_scorecard.what_is_immature_is_not_judged",
    ),
    (
        "a running year that is called mature",
        "update kpi.scorecard set is_mature = true where period_grain = 'year'",
        "kpi_scorecard.what_is_immature_is_not_judged",
    ),
    (
        "a rate that is not its quotient",
        f"update kpi.scorecard set value = value * 0.9 + 0.01 where {ONE_RATIO}",
        "kpi_scorecard.values_are_the_quotient_of_their_parts",
    ),
    (
        "a rate of nothing that is called 0",
        "update kpi.scorecard set value = 0 where kpi = 'cost_per_lead' and denominator = 0",
        "kpi_scorecard.values_are_the_quotient_of_their_parts",
    ),
    (
        "a negative rate of leads",
        f"update kpi.scorecard set value = -0.1 where {ONE_RATIO}",
        "kpi_scorecard.nothing_is_out_of_range",
    ),
    (
        "a bad value that is called good",
        f"update kpi.scorecard set target = 2, status = 'on_target' where {ONE_RATIO}",
        "kpi_scorecard.a_judgement_follows_from_value_and_target",
    ),
    (
        "a row that was read and forgotten",
        "update ops.rows set read = read + 1 where feed = 'orders'",
        "ops_rows.every_row_read_is_accounted_for",
    ),
    (
        "a delivery that was read and forgotten",
        "delete from ops.rows where feed = 'ad_spend'",
        "ops_rows.every_row_of_every_delivery_is_read",
    ),
    (
        "a delivery that was landed and passed over",
        "insert into expected.landed values ('20261031T050000Z-0001-0123456789ab/shop')",
        "ops_rows.every_delivery_in_landing_was_loaded",
    ),
    (
        "a row that is kept twice because it was delivered twice",
        "update expected.rows_kept set rows_kept = rows_kept + 1 where feed = 'orders'",
        "ops_rows.a_row_delivered_again_is_kept_once",
    ),
    (
        "an order that is counted and not there",
        f"delete from core.orders where {FIRST_ORDER}",
        "ops_rows.every_row_counted_is_in_core_or_in_quarantine",
    ),
    (
        "marts of another day",
        "update ops.settings set as_of = date '2026-10-30'",
        "ops_settings.says_what_was_asked_for",
    ),
    (
        "marts in another currency",
        "update ops.settings set currency = 'USD'",
        "ops_settings.says_what_was_asked_for",
    ),
    (
        "marts built tomorrow",
        "update ops.settings set built_at = built_at + interval 1 day",
        "ops_settings.was_not_built_in_the_future",
    ),
    (
        "settings written twice",
        "insert into ops.settings select * from ops.settings",
        "ops_settings.is_one_row",
    ),
    (
        "a source that nobody is told of",
        "delete from ops.sources where feed = 'orders'",
        "ops_sources.every_source_that_delivered_is_told_of",
    ),
    (
        "a source fresher than as-of",
        "update ops.sources set fresh_until = date '2026-11-01'",
        "ops_sources.nothing_is_fresher_than_as_of",
    ),
    (
        "a source that was left out",
        "update ops.sources set refused_reason = 'too many bad rows' where feed = 'orders'",
        "ops_sources.no_source_was_left_out",
    ),
]


def test_a_sound_candidate_breaks_no_rule(candidate: duckdb.DuckDBPyConnection) -> None:
    assert [title for title in RULES if failing_rows(candidate, title)] == []


@pytest.mark.parametrize(
    ("tampering", "title"),
    [(sql, title) for _, sql, title in TAMPERED],
    ids=[sentence.replace(" ", "_") for sentence, _, _ in TAMPERED],
)
def test_a_tampered_mart_is_caught(
    candidate: duckdb.DuckDBPyConnection, tampering: str, title: str
) -> None:
    tamper(candidate, tampering)

    assert failing_rows(candidate, title) > 0


def test_every_rule_that_blocks_has_caught_something() -> None:
    tested = (
        importlib.import_module(f"tests.expectations.{module.name}")
        for module in pkgutil.iter_modules(tests.expectations.__path__)
    )
    caught = {title for module in tested for _, _, title in getattr(module, "TAMPERED", ())}

    assert {title for title, (_, rule) in RULES.items() if rule.severity == CRITICAL} <= caught


def test_raw_that_depends_on_how_often_a_file_came_is_caught(tmp_path: Path) -> None:
    home = copy_of(built_company(tmp_path), tmp_path)
    landed = home.landing / "orders" / "shop" / f"{load_id_of(home)}-9999-0123456789ab.parquet"
    landed.parent.mkdir(parents=True)
    landed.touch()
    with duckdb.connect(str(home.raw)) as raw:
        raw.execute("insert into raw.raw.orders select * from raw.raw.orders limit 1")
    build = read_build(home.candidate)
    with duckdb.connect(str(home.candidate)) as candidate:
        prepare(candidate, home, read_config(home.business_yml), build)

        assert failing_rows(candidate, "ops_rows.a_row_delivered_again_is_kept_once") == 1
        assert failing_rows(candidate, "ops_rows.every_delivery_in_landing_was_loaded") == 1


def test_every_mart_but_those_of_ops_has_a_suite(candidate: duckdb.DuckDBPyConnection) -> None:
    marts = {
        f"{schema}.{table}"
        for schema, table in candidate.execute(
            """
            select schema_name, table_name from duckdb_tables()
            where database_name = current_database()
                and schema_name not in ('ops', 'quarantine', 'main')
            """
        ).fetchall()
    }

    assert marts - {suite.mart for suite in suites()} == {"kpi.definitions"}


def test_every_rule_tells_whoever_is_woken_up_what_it_means() -> None:
    assert [title for title, (_, rule) in RULES.items() if not rule.notes.endswith(".")] == []
