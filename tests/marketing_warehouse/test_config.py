"""business.yml: read as it is written; what is wrong in it is said with line, key and remedy."""

import datetime
from pathlib import Path

import pytest

from marketing_warehouse.config import Config, read_config
from marketing_warehouse.connectors import CONNECTORS
from marketing_warehouse.errors import ConfigError

TEMPLATE = Path(__file__).parents[2] / "marketing_warehouse" / "templates" / "business.yml"
BUSINESS = "business: {name: Shop, currency: EUR, timezone: Europe/Bucharest, country: RO}\n"
SOURCES = """\
sources:
  - name: shop
    feed: orders
    connector: csv
    path: inbox/orders.csv
"""
WHOLE = """\
business: {name: Nordic Espresso, currency: EUR, timezone: Europe/Bucharest, country: RO}
customer_after: {completed_orders: 2}
identity: {match_on: [customer_id, email], ignore: [info@example.com]}
kpi: {lead_dedup_days: 14}
lead_events: [inbound_call, fair]
target_audience:
  - {name: serves_our_region, where: "country in ('RO', 'MD')"}
lead_filter:
  - {name: decision_maker, where: "is_decision_maker"}
  - name: budget
    where: "cast(extra ->> 'declared_budget' as double) >= 500"
    valid_from: 2026-01-01
history_from: 2015-01-01
sources:
  - name: shop
    feed: orders
    connector: csv
    path: inbox/orders_*.csv
    options: {delimiter: ";", decimal: ",", encoding: windows-1252, date_format: "%d.%m.%Y"}
    query: select * from source where not is_test
    columns: {order_id: id, ordered_at: created, gross_amount: total, status: state}
    values: {status: {paid: completed, void: cancelled}}
    defaults: {currency: RON}
    keep: [declared_budget]
    ids: shop
    max_bad_rows: {share: 0.5, at_least: 0}
  - {name: crm, feed: leads, connector: parquet, path: inbox/leads.parquet}
"""


def read(folder: Path, text: str) -> Config:
    file = folder / "business.yml"
    file.write_text(text)
    return read_config(file)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as raised:
        read(folder, text)
    return str(raised.value)


def source(**more: str) -> str:
    return BUSINESS + SOURCES + "".join(f"    {key}: {value}\n" for key, value in more.items())


def test_everything_that_is_written_is_understood(tmp_path: Path) -> None:
    config = read(tmp_path, WHOLE)

    assert config.path == tmp_path / "business.yml"
    assert (config.business.name, config.business.country) == ("Nordic Espresso", "RO")
    assert config.customer_after.completed_orders == 2
    assert config.identity.match_on == ("customer_id", "email")
    assert config.identity.ignore == ("info@example.com",)
    assert config.kpi.lead_dedup_days == 14
    assert config.lead_events == ("inbound_call", "fair")
    assert [criterion.name for criterion in config.lead_filter] == ["decision_maker", "budget"]
    assert config.lead_filter[1].valid_from == datetime.date(2026, 1, 1)
    assert config.history_from == datetime.date(2015, 1, 1)
    shop, crm = config.sources
    assert (shop.options.delimiter, shop.options.decimal) == (";", ",")
    assert shop.options.date_format == ("%d.%m.%Y",)
    assert shop.columns["gross_amount"] == "total"
    assert shop.values == {"status": {"paid": "completed", "void": "cancelled"}}
    assert config.max_bad_rows_of(shop).share == 0.5
    assert config.max_bad_rows_of(crm).share == 0.01
    assert config.source("crm") is crm


def test_what_is_not_written_has_a_default(tmp_path: Path) -> None:
    config = read(tmp_path, BUSINESS + SOURCES)

    assert config.customer_after.completed_orders == 1
    assert config.identity.match_on == ("customer_id", "email", "phone")
    assert config.kpi.model_dump() == {
        "lead_dedup_days": 30,
        "lead_to_customer_days": 365,
        "first_contact_hours": 24,
        "maturity_days": 90,
        "active_customer_days": 365,
    }
    assert config.lead_events == (
        "inbound_call",
        "web_form",
        "store_visit",
        "decision_maker_interest",
    )
    assert config.history_from == datetime.date(2000, 1, 1)
    assert config.max_bad_rows.model_dump() == {"share": 0.01, "at_least": 10}
    shop = config.sources[0]
    assert (shop.customer_ids, shop.ids, shop.query) == ("shared", None, None)
    assert (shop.options.delimiter, shop.options.encoding) == (",", "utf-8")
    assert config.timezone_of(shop) == "Europe/Bucharest"


def test_a_key_with_nothing_behind_it_is_as_good_as_not_written(tmp_path: Path) -> None:
    config = read(tmp_path, BUSINESS + "lead_filter:\nkpi:\n" + source(query="")[len(BUSINESS) :])

    assert (config.lead_filter, config.sources[0].query) == ((), None)


def test_the_template_for_a_new_home_is_valid(tmp_path: Path) -> None:
    assert read(tmp_path, TEMPLATE.read_text()).sources[0].name == "shop"


def test_the_template_stays_valid_with_its_examples_brought_to_life(tmp_path: Path) -> None:
    lines = TEMPLATE.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("sources:"))
    examples = [line.removeprefix("#") for line in lines[start:] if line.startswith("#  ")]
    options = [
        line.replace("    # ", "    ", 1)
        for line in lines[start:]
        if line.startswith("    # ") and ":" in line and not line.startswith("    # SQL over")
    ]
    spoken = ("The ", "What ", "How ", "Fills ", "Columns ", "Whose ", "in all ", "its lines")
    options = [line for line in options if not line.strip().startswith(spoken)]
    text = "\n".join([*lines[:start], *lines[start : start + 5], *options, *examples])

    config = read(tmp_path, text)

    assert [one.name for one in config.sources] == ["shop", "ads", "crm"]
    assert config.sources[0].keep == ("declared_budget",)


def test_scalars_stay_the_texts_that_are_written(tmp_path: Path) -> None:
    text = source(
        defaults='{channel: no, customer_id: 007, lead_id: 1_000, email: ~x, phone: "07"}',
        values="{status: {on: completed, 1.0: cancelled, yes: pending}}",
    )

    shop = read(tmp_path, text).sources[0]

    assert shop.defaults == {
        "channel": "no",
        "customer_id": "007",
        "lead_id": "1_000",
        "email": "~x",
        "phone": "07",
    }
    assert shop.values["status"] == {"on": "completed", "1.0": "cancelled", "yes": "pending"}


def test_an_unknown_key_is_named_with_its_line_and_those_that_are_allowed(tmp_path: Path) -> None:
    text = "business:\n  name: Shop\n  curency: EUR\n  timezone: UTC\n  country: RO\n" + SOURCES

    assert refusal(tmp_path, text).splitlines() == [
        "business.yml, line 1: business.currency is missing; found: nothing; "
        "business must have currency, timezone.",
        "business.yml, line 3: the key business.curency is not known; "
        "allowed: name, currency, timezone, country; did you mean currency?",
    ]


def test_all_errors_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = """\
business: {name: Shop, currency: eur, timezone: Europe/Bucurest, country: ROU}
kpi:
  maturity_days: ninety
  lead_dedup_days: -1
sources:
  - name: shop
    feed: order
    connector: cvs
    path: a.csv
"""
    assert refusal(tmp_path, text).splitlines() == [
        "business.yml, line 1: business.currency is 'eur'; "
        "allowed: a currency's three capital letters (ISO 4217), such as EUR.",
        "business.yml, line 1: business.timezone is 'Europe/Bucurest'; "
        "allowed: a time zone such as Europe/Bucharest or UTC.",
        "business.yml, line 1: business.country is 'ROU'; "
        "allowed: a country's two capital letters (ISO 3166), such as RO.",
        "business.yml, line 3: kpi.maturity_days is 'ninety'; allowed: a whole number.",
        "business.yml, line 4: kpi.lead_dedup_days is '-1'; allowed: 0 or more.",
        "business.yml, line 7: sources[shop].feed is 'order'; allowed: ad_spend, leads, "
        "lead_activities, orders, loyalty_events, process_costs, kpi_targets, fx_rates; "
        "did you mean orders?",
        "business.yml, line 8: sources[shop].connector is 'cvs'; "
        f"allowed: {', '.join(CONNECTORS)}; did you mean csv?",
    ]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("path", "''", "sources[shop].path is ''; allowed: a text"),
        ("options", "{delimiter: ;;}", "options.delimiter is ';;'; allowed: one character"),
        ("options", "{encoding: utf-9}", "options.encoding is 'utf-9'; allowed: an encoding"),
        ("options", "{encoding: base64}", "options.encoding is 'base64'; allowed: an encoding"),
        ("options", "{timezone: Mars}", "options.timezone is 'Mars'; allowed: a time zone"),
        ("options", "{decimal: x}", 'options.decimal is \'x\'; allowed: "." or ","'),
        ("options", '{thousands: "."}', "options.thousands is '.'; allowed: another mark"),
        ("options", "{date_format: dd.mm}", "a date format has parts such as %d"),
        ("options", "{delimitr: x}", "the key sources[shop].options.delimitr is not known"),
        ("options", "x", "sources[shop].options is 'x'; allowed: a section with the keys decimal"),
        ("columns", "{ordr_id: x}", "did you mean order_id?"),
        ("values", "{state: {a: b}}", "the key sources[shop].values.state is not known"),
        ("values", "{status: {paid: complete}}", "values.status.paid is 'complete'; allowed: pend"),
        ("defaults", "{status: paid}", "defaults.status is 'paid'; allowed: pending, completed"),
        ("defaults", "{curency: EUR}", "did you mean currency?"),
        ("keep", "[E-Mail, Email]", "sources[shop].keep[2] is 'Email'; allowed: other columns"),
        ("ids", "'a:b'", "sources[shop].ids is 'a:b'; allowed: a text without spaces"),
        ("customer_ids", "both", "customer_ids is 'both'; allowed: shared, own"),
        ("max_bad_rows", "{share: 2}", "max_bad_rows.share is '2'; allowed: 1 or less"),
        ("columns", "[a]", "sources[shop].columns is a list; allowed: a section"),
    ],
)
def test_a_wrong_value_of_a_source_says_what_is_allowed(
    tmp_path: Path, key: str, value: str, said: str
) -> None:
    text = source(**{key: value})
    if key == "path":
        text = text.replace("    path: inbox/orders.csv\n", "")

    message = refusal(tmp_path, text)

    assert message.startswith(f"business.yml, line {6 if key == 'path' else 7}: ")
    assert said in message
    assert len(message.splitlines()) == 1


def test_a_key_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    assert refusal(tmp_path, source(path="b.csv")) == (
        "business.yml, line 7: sources[1].path stands here again (first in line 6): keep one."
    )


def test_two_sources_of_one_name_are_an_error(tmp_path: Path) -> None:
    twice = SOURCES + SOURCES.removeprefix("sources:\n")

    assert refusal(tmp_path, BUSINESS + twice) == (
        "business.yml, line 7: sources[shop].name is 'shop'; "
        "allowed: a name that no other source has."
    )


def test_a_source_of_files_needs_a_path(tmp_path: Path) -> None:
    message = refusal(tmp_path, (BUSINESS + SOURCES).replace("    path: inbox/orders.csv\n", ""))

    assert message == (
        "business.yml, line 3: sources[shop].path is nothing; "
        "allowed: the path of a file, or a glob such as inbox/orders_*.csv."
    )


@pytest.mark.parametrize("sources", ["", "sources:\n", "sources: []\n"])
def test_no_source_at_all_is_an_error(tmp_path: Path, sources: str) -> None:
    message = refusal(tmp_path, BUSINESS + sources)

    assert "allowed: at least one source: say its name, feed, connector and path." in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("country in (", "syntax error at end of input"),
        ("contry = 'RO'", 'Referenced column "contry" not found'),
        ("country", "it must be true or false, and it is a VARCHAR"),
        ("country = 'RO'; drop table leads", "it must be one expression"),
        ("true) or (true", "syntax error at or near"),
        ("true -- always", "it has a SQL comment"),
        ("(select true)", "it may not look into tables"),
        ("exists (from read_csv('x'))", "it may not look into tables"),
        ("count(*) > 1", "it must judge each lead on its own"),
        ("row_number() over () = 1", "it must judge each lead on its own"),
        ("created_at > now()", "now is not allowed"),
        ("created_at > current_date", "current_date is not allowed"),
        ("random() > 0.5", "random is not allowed"),
        ("leads.is_decision_maker", "without a table before them"),
        ("country = ?", "it may have no parameters"),
        ("true, false", "it must be true or false, and it is a STRUCT"),
    ],
)
def test_a_criterion_that_is_no_condition_is_refused_before_anything_runs(
    tmp_path: Path, where: str, said: str
) -> None:
    quoted = "'" + where.replace("'", "''") + "'"

    message = refusal(
        tmp_path, BUSINESS + f"lead_filter:\n  - name: rule\n    where: {quoted}\n" + SOURCES
    )

    assert message.startswith("business.yml, line 4: lead_filter[rule].where is ")
    assert said in message
    assert "allowed: one true-or-false SQL expression over a lead's columns and extra." in message


@pytest.mark.parametrize(
    "where",
    [
        "is_decision_maker",
        "not is_decision_maker and country in ('RO', 'MD')",
        "cast(extra ->> 'declared_budget' as double) >= 500",
        "try_cast(extra ->> 'employees' as integer) between 5 and 50",
        "extra is null or extra ->> 'note' <> 'no -- thanks; really'",
        "created_at >= timestamp '2026-01-01'",
        "list_contains(['a', 'b'], lower(unit))",
    ],
)
def test_a_condition_on_a_leads_columns_is_a_criterion(tmp_path: Path, where: str) -> None:
    quoted = "'" + where.replace("'", "''") + "'"

    config = read(tmp_path, BUSINESS + f"lead_filter: [{{name: a, where: {quoted}}}]\n" + SOURCES)

    assert config.lead_filter[0].where == where


def test_a_criterion_may_change_with_the_days_but_not_hold_twice_on_one(tmp_path: Path) -> None:
    later = "{name: budget, where: is_decision_maker, valid_from: %s}"
    first = "{name: budget, where: is_decision_maker, valid_to: 2025-12-31}"

    follows = BUSINESS + f"lead_filter: [{first}, {later % '2026-01-01'}]\n" + SOURCES
    overlaps = BUSINESS + f"lead_filter: [{first}, {later % '2025-12-31'}]\n" + SOURCES

    assert len(read(tmp_path, follows).lead_filter) == 2
    assert "lead_filter[budget].name is 'budget'; allowed: a name of its own" in refusal(
        tmp_path, overlaps
    )


def test_no_criterion_is_called_what_all_of_them_are_called(tmp_path: Path) -> None:
    rule = "{name: (whole filter), where: is_decision_maker}"

    assert "name is '(whole filter)'; allowed: a name other than (whole filter)" in refusal(
        tmp_path, BUSINESS + f"lead_filter: [{rule}]\n" + SOURCES
    )


def test_a_criterion_cannot_end_before_it_begins(tmp_path: Path) -> None:
    rule = "{name: a, where: is_decision_maker, valid_from: 2026-02-01, valid_to: 2026-01-31}"

    assert "lead_filter[a].valid_to is '2026-01-31'; allowed: a day from 2026-02-01 on." in refusal(
        tmp_path, BUSINESS + f"lead_filter: [{rule}]\n" + SOURCES
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("selec * from source", "syntax error"),
        ("delete from source", "it must be a SELECT"),
        ("describe source", "it must be a SELECT"),
        ("select 1; select 2", "it must be one statement"),
        ("select * from orders", "it may read the table source only, not orders"),
        ("select * from 'other.csv'", "it may read the table source only, not other.csv"),
        ("select * from read_csv('/etc/passwd')", "not read_csv()"),
        ("select * from duckdb_settings()", "not duckdb_settings()"),
        ("select * from main.source", "not main.source"),
        ("select *, now() as t from source", "now is not allowed"),
        ("select * from source using sample 10", "it may not take a sample"),
    ],
)
def test_a_query_that_is_no_select_over_the_source_is_refused(
    tmp_path: Path, query: str, said: str
) -> None:
    message = refusal(tmp_path, source(query=f'"{query}"'))

    assert message.startswith("business.yml, line 7: sources[shop].query is ")
    assert said in message


@pytest.mark.parametrize(
    "query",
    [
        "select * from source where not is_test",
        "with lines as (select * from source) select * from lines, unnest([1, 2])",
        "select * from (unpivot source on columns(* exclude (Date)) into name c value r)",
        "from source select id order by id;",
        "select id from source union all select id from source",
        "select * from source where id in (select max(id) from source)",
    ],
)
def test_a_select_over_the_source_is_a_query(tmp_path: Path, query: str) -> None:
    assert read(tmp_path, source(query=f'"{query}"')).sources[0].query == query


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"business: [1,\n", "business.yml, line 2: this is not YAML: "),
        (b"a: b: c\n", "business.yml, line 1: this is not YAML: "),
        (b"\ncity: Bra\xbaov\n", "business.yml, line 2: this is not UTF-8 text"),
        (b"nothing", "business.yml, line 1: the file is 'nothing'; allowed: a section"),
        (b"- a\n", "business.yml, line 1: the file is a list; allowed: a section with the keys"),
        (b"", "business.yml, line 1: business is missing"),
        (b"? [a, b]\n: c\n", "business.yml, line 1: a key must be a plain text"),
    ],
)
def test_a_text_that_is_no_configuration_is_one_sentence(
    tmp_path: Path, text: bytes, said: str
) -> None:
    file = tmp_path / "business.yml"
    file.write_bytes(text)

    with pytest.raises(ConfigError) as raised:
        read_config(file)

    assert said in str(raised.value)


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"does not exist: `warehouse init .*` writes one"):
        read_config(tmp_path / "business.yml")


def test_an_unknown_source_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    config = read(tmp_path, BUSINESS + SOURCES)

    with pytest.raises(ConfigError, match=r"business\.yml has no source crm; it has: shop\."):
        config.source("crm")


def test_a_folded_text_is_one_line_and_a_literal_one_keeps_its_lines(tmp_path: Path) -> None:
    text = source(query=">-\n      select *\n      from source\n")
    assert read(tmp_path, text).sources[0].query == "select * from source"

    text = source(query="|\n      select *\n      from source\n")
    assert read(tmp_path, text).sources[0].query == "select *\nfrom source\n"
