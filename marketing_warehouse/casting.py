"""Casting: the SQL that turns a landed text into a feed's type, and says what did not fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketing_warehouse.feeds import Column, Feed, Kind

LONGEST_QUOTE = 40
TRUE_WORDS = ("true", "t", "1", "yes", "y")
FALSE_WORDS = ("false", "f", "0", "no", "n")
NO_BREAK_SPACE = "\u00a0"
GROUP_MARKS = f"[. {NO_BREAK_SPACE}]"
GROUPED_WITH_POINTS = rf"[+-]?\d{{1,3}}({GROUP_MARKS}\d{{3}})+(,\d+)?"
SPOKEN_KINDS = {
    Kind.MONEY: "an amount",
    Kind.NUMBER: "a number",
    Kind.RATE: "a rate",
    Kind.COUNT: "a whole number",
    Kind.BOOLEAN: "yes or no",
    Kind.DATE: "a date",
    Kind.MOMENT: "a time",
    Kind.CURRENCY: "a currency code of three letters",
}


@dataclass(frozen=True)
class Spelling:
    """How a source spells numbers and times."""

    decimal: str = "."
    thousands: str | None = None
    date_formats: Sequence[str] = ()


def literal(text: str) -> str:
    """Return a text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def cast(column: Column, spelling: Spelling) -> str:
    """Return the SQL that reads one landed column; NULL where the text does not fit its type.

    Times without a zone are read in the session's zone, which is the source's while it loads.
    """
    text = f'"{column.name}"'
    match column.kind:
        case Kind.MONEY | Kind.NUMBER | Kind.RATE:
            return f"try_cast({_plain_number(text, spelling)} as {column.sql_type})"
        case Kind.COUNT:
            number = f"try_cast({_plain_number(text, spelling)} as decimal(38, 9))"
            return f"case when {number} = trunc({number}) then try_cast({number} as bigint) end"
        case Kind.BOOLEAN:
            true, false = (", ".join(map(literal, words)) for words in (TRUE_WORDS, FALSE_WORDS))
            lowered = f"lower({text})"
            return (
                f"case when {lowered} in ({true}) then true "
                f"when {lowered} in ({false}) then false end"
            )
        case Kind.DATE:
            return _date(text, spelling)
        case Kind.MOMENT:
            return _moment(text, spelling)
        case Kind.CURRENCY:
            return f"case when regexp_full_match({text}, '[A-Za-z]{{3}}') then upper({text}) end"
        case Kind.CODE:
            return f"lower({text})"
        case _:
            return text


def faults(feed: Feed, typed: str, known_kpis: Sequence[str]) -> str:
    """Return the SQL of a row's reasons for quarantine, joined; NULL where it fits.

    Args:
        feed: the feed whose rules apply.
        typed: the prefix of the cast columns; the landed texts stand under their own names.
        known_kpis: the KPIs that a target may name.
    """
    reasons = ["_fault"]
    for column in feed.columns:
        reasons.extend(_column_faults(column, typed))
    if feed.one_of:
        missing = " and ".join(f"{typed}{name} is null" for name in feed.one_of)
        named = ", ".join(feed.one_of[:-1]) + " and " + feed.one_of[-1]
        reasons.append(f"case when {missing} then 'none of {named} is there or can be matched' end")
    if "period_end" in feed.column_names:
        reasons.append(
            f"case when {typed}period_end < {typed}period_start "
            "then 'period_end lies before period_start' end"
        )
    if "kpi" in feed.column_names:
        kpis = ", ".join(map(literal, known_kpis))
        reasons.append(
            f"case when kpi not in ({kpis}) then 'kpi ' || {_quoted('kpi')} || ' is not known' end"
        )
    return f"nullif(concat_ws('; ', {', '.join(reasons)}), '')"


def key_faults(feed: Feed) -> str:
    """Return the SQL of what is wrong with a row that says its key is gone; NULL where it fits."""
    required = (name for name in feed.key if feed.column(name).is_required)
    missing = (f"case when \"{name}\" is null then '{name} is missing' end" for name in required)
    return f"nullif(concat_ws('; ', {', '.join(missing)}), '')"


def _column_faults(column: Column, typed: str) -> list[str]:
    name, value = column.name, f"{typed}{column.name}"
    found = []
    if column.is_required:
        found.append(
            f"case when \"{name}\" is null and _fault is null then '{name} is missing' end"
        )
    if column.kind in SPOKEN_KINDS:
        found.append(
            f'case when "{name}" is not null and {value} is null '
            f"then '{name} ' || {_quoted(name)} || ' is not {SPOKEN_KINDS[column.kind]}' end"
        )
    if column.codes:
        codes = ", ".join(map(literal, column.codes))
        found.append(
            f"case when {value} not in ({codes}) "
            f"then '{name} ' || {_quoted(name)} || ' is not known' end"
        )
    if column.kind in (Kind.MONEY, Kind.COUNT) and not column.is_signed:
        found.append(f"case when {value} < 0 then '{name} is negative' end")
    if column.kind is Kind.RATE:
        found.append(f"case when {value} <= 0 then '{name} is not above 0' end")
    return found


def _quoted(name: str) -> str:
    return f"'\"' || left(\"{name}\", {LONGEST_QUOTE}) || '\"'"


def _plain_number(text: str, spelling: Spelling) -> str:
    """Return a number with a decimal point, or NULL: a wrong guess costs a factor of 1000."""
    if spelling.thousands:
        text = f"replace({text}, {literal(spelling.thousands)}, '')"
    if spelling.decimal == ",":
        grouped = f"regexp_full_match({text}, {literal(GROUPED_WITH_POINTS)})"
        ungrouped = f"regexp_replace({text}, '{GROUP_MARKS}', '', 'g')"
        text = (
            f"replace(case when {grouped} then {ungrouped} "
            f"when not contains({text}, '.') then {text} end, ',', '.')"
        )
    # DuckDB would read 1_000 as a thousand.
    return f"case when not contains({text}, '_') then {text} end"


def _by_formats(text: str, spelling: Spelling, sql_type: str) -> list[str]:
    """Return one attempt per format; a format of a day alone also reads a day with a time."""
    return [
        f"try_cast(try_strptime({text}, {literal(form + time)}) as {sql_type})"
        for time in ("", " %H:%M:%S", " %H:%M")
        for form in spelling.date_formats
    ]


def _date(text: str, spelling: Spelling) -> str:
    # A day is taken as it is written: shifting it by its zone would move the spend to another day.
    written = (
        f"case when regexp_matches({text}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}[T ]') "
        f"then try_cast(left({text}, 10) as date) else try_cast({text} as date) end"
    )
    attempts = [*_by_formats(text, spelling, "date"), written]
    date = f"coalesce({', '.join(attempts)})"
    return f"case when isfinite({date}) then {date} end"


def _moment(text: str, spelling: Spelling) -> str:
    attempts = [
        *_by_formats(text, spelling, "timestamptz"),
        f"try_cast({text} as timestamptz)",
    ]
    utc = f"(coalesce({', '.join(attempts)}) at time zone 'UTC')"
    return f"case when isfinite({utc}) then {utc} end"
