"""The models are SQL that DuckDB and Spark both read; where they differ, macros/engines/ does."""

from pathlib import Path

import pytest

from tests.dbt_project.duckdb_only import what_only_duckdb_reads

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
ENGINES = DBT_PROJECT / "macros" / "engines"


def test_only_the_macros_of_the_engines_hold_what_only_duckdb_reads() -> None:
    files = sorted(
        file
        for folder in ("models", "macros", "tests")
        for file in (DBT_PROJECT / folder).rglob("*.sql")
        if ENGINES not in file.parents
    )
    assert len(files) > 70
    found = {
        str(file.relative_to(DBT_PROJECT)): words
        for file in files
        if (words := what_only_duckdb_reads(file.read_text()))
    }
    assert found == {}


def test_the_macros_of_the_engines_do_hold_such_words() -> None:
    text = "\n".join(file.read_text() for file in sorted(ENGINES.glob("*.sql")))
    found = what_only_duckdb_reads(text)
    assert {"date_diff(", "interval", "//", "unnest(", "generate_series("} <= set(found)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select arg_max(method, created_at) as method from leads", "arg_max("),
        ("select list(method) as methods from leads", "list("),
        ("select date_diff('day', first, last) as days from spans", "date_diff("),
        ("select quantile_cont(amount, 0.5) as middle from costs", "quantile_cont("),
        ("select cents // 100 as whole from costs", "//"),
        ("select strftime(made, '%Y') as year_made from costs", "strftime("),
        ("select epoch(made) as seconds from costs", "epoch("),
        ("select sha256(email) as email from leads", "sha256("),
        ("select * from leads where regexp_matches(method, '^a')", "regexp_matches("),
        ("select [1, 2] as numbers from leads", "a list in []"),
        ("select {'a': 1} as pair from leads", "a struct in {}"),
        ("select unnest(numbers) as number from leads", "unnest("),
        ("select * exclude (email) from leads", "* exclude"),
        ("select * from generate_series(1, 3)", "generate_series("),
        ("select * from leads asof join rates on a >= b", "asof"),
        ("pivot leads on method using count(*)", "pivot"),
        ("select * from leads union all by name select * from orders", "union by name"),
        ("select lead_id, method, from leads", "a comma before from"),
        ("select count(distinct method,) as methods from leads", "a comma before )"),
        ("select extra ->> 'budget' as budget from leads", "-> or ->>"),
        ("select strpos(method, 'a') as place from leads", "strpos("),
        ('select "id" as lead_id from leads', '"a quoted name"'),
        ("select order_date + interval 1 day as next_day from orders", "interval"),
        ("select lead_date - order_date as days from x", "a sum or difference with a date"),
        ("select orders.order_date + 1 as next_day from orders", "a sum or difference with a date"),
        ("select 1 + period_start as next_day from x", "a sum or difference with a date"),
        ("select concat(method, unit) as both_names from leads", "concat("),
        ("select avg(amount) as mean from costs", "avg("),
        ("select cast(method as varchar) as method from leads", "varchar, which Spark"),
        ("select a + b as total from x where total > 0", "alias total in where"),
        ("with x as (select a + b as total from y where total > 0) select 1", "alias total in"),
    ],
)
def test_a_word_of_duckdb_alone_is_found(sql: str, found: str) -> None:
    assert [name for name in what_only_duckdb_reads(sql) if name.startswith(found)] != []


@pytest.mark.parametrize(
    "sql",
    [
        # a comment, a text and what a macro is told are no SQL of the model
        "select 1 as one -- a person's list(x) // y\nfrom leads",
        "select 'list(x) -> \"y\" interval' as words, 'it''s [1]' as more from leads",
        "select {{ business_date('created_at') }} as day_made {# list(x) #} from leads",
        "select {{ measures[0] }} as one {% if a // b %}, 2 as two{% endif %} from leads",
        # both engines read these
        "select count_if(is_lead) as leads, median(hours) as middle from leads group by all",
        "select max_by(method, made) as method from x qualify row_number() over (order by a) = 1",
        "select amount::decimal(18, 4) as amount, cast(name as varchar(20)) as name from costs",
        "select order_dates - 1 as rest, happened - 1 as before from orders",
        "select count(*) as leads, next_list.a as b from next_list",
        # a column that is brought into shape under its own name is the table's in `where`
        "select coalesce(method, '') as method from leads where method = 'a'",
        "select a + b as total from x union all select total as b from y where total > 0",
        "select sum(a) as total from x where b > 0 group by b having total > 0",
    ],
)
def test_what_both_read_is_let_through(sql: str) -> None:
    assert what_only_duckdb_reads(sql) == []
