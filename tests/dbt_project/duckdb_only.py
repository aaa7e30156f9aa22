"""What only DuckDB reads, or reads in another way than Spark, and so stands in macros/engines/."""

import re

# Comments and texts of SQL; found from left to right, since each may hold the other's sign.
ASIDE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
JINJA_WITHOUT_OUTPUT = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
JINJA_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)

# Columns that hold a date or a moment, by the names of the house.
DATED = r"\b\w*(?:_date|_at|_day|_month|_moment|period_start|period_end|_until)\b"

FUNCTIONS = (
    *("arg_max", "arg_min", "date_diff", "epoch", "epoch_ms", "generate_series", "list"),
    *("list_value", "quantile_cont", "range", "regexp_matches", "sha256", "strftime", "strpos"),
    *("strptime", "struct_pack", "to_days", "to_months", "try", "unnest"),
    # the same word in both, and another answer
    *("avg", "concat", "dayofweek", "regexp_extract"),
)

REFUSED = {
    **{f"{name}(": rf"(?<![.\w]){name}\s*\(" for name in FUNCTIONS},
    "//": r"//",
    "a list in []": r"[\[\]]",
    "a struct in {}": r"[{}]",
    "-> or ->>": r"->>?",
    '"a quoted name"': r'"',
    "* exclude": r"\*\s*(?:exclude|replace)\b",
    "asof": r"\basof\b",
    "pivot": r"\b(?:un)?pivot\b",
    "union by name": r"\bunion\s+(?:all\s+)?by\s+name\b",
    "interval": r"\binterval\b",
    "a comma before from": r",\s*from\b",
    "a comma before )": r",\s*\)",
    "varchar, which Spark wants with a length": r"\bvarchar\b(?!\s*\()",
    "hugeint": r"\bu?hugeint\b",
    "a sum or difference with a date": (
        rf"{DATED}\s*[-+](?![->])|(?<![-<])[-+]\s*(?:\w+\.)?{DATED}"
    ),
}

CLAUSE = re.compile(r"\b(from|where|group|having|qualify|window|order|union)\b")
NAMED = re.compile(r"\bas\s+(\w+)\s*(?=,|$)")


def what_only_duckdb_reads(sql: str) -> list[str]:
    """Return what of a model's or a macro's text Spark would refuse or read in another way.

    Jinja, comments and texts are taken out first: what a macro returns is judged where it stands.
    """
    plain = _plain(sql)
    found = [name for name, pattern in REFUSED.items() if re.search(pattern, plain)]
    return found + [f"alias {alias} in where" for alias in _aliases_in_where(plain)]


def _plain(sql: str) -> str:
    without_jinja = JINJA_EXPRESSION.sub("jinja", JINJA_WITHOUT_OUTPUT.sub("", sql))

    def aside(match: re.Match[str]) -> str:
        return "''" if match[0].startswith("'") else " "

    return ASIDE.sub(aside, without_jinja).lower()


def _aliases_in_where(plain: str) -> list[str]:
    """Return the names that a select gives and its own `where` uses, query by query.

    A name that its own expression uses is a column of the table, and so is one given to a text.
    """
    found = []
    for query in _queries(plain):
        for select in re.split(r"\bselect\b", query)[1:]:
            clauses = CLAUSE.split(select)
            conditions = "".join(
                text
                for word, text in zip(clauses[1::2], clauses[2::2], strict=True)
                if word == "where"
            )
            for item in clauses[0].split(","):
                named = NAMED.search(item.strip())
                expression = item.strip().removesuffix(named[0]).strip() if named else ""
                if named and expression != "''" and _uses(conditions, named[1]):
                    found += [] if _uses(expression, named[1]) else [named[1]]
    return found


def _uses(text: str, name: str) -> bool:
    """Say whether a column of this name stands in a text without a table before it."""
    return name != "jinja" and re.search(rf"(?<![.\w]){name}\b(?!\s*[(.])", text) is not None


def _queries(plain: str) -> list[str]:
    """Return each query of a text, without the queries that it holds in parentheses."""
    open_texts, queries = [""], []
    for character in plain:
        if character == "(":
            open_texts.append("")
        elif character == ")" and len(open_texts) > 1:
            inside = open_texts.pop()
            if re.match(r"\s*(?:select|with)\b", inside):
                queries.append(inside)
                inside = ""
            open_texts[-1] += f"({inside.replace(',', ' ')})"
        else:
            open_texts[-1] += character
    return queries + open_texts
