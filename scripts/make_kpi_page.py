"""What `make docs` does: write docs/kpis.md from the one seed in which every KPI is defined."""

import csv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SEED = PROJECT / "dbt_project" / "seeds" / "kpi_definitions.csv"
PAGE = PROJECT / "docs" / "kpis.md"

PROCESSES = {
    "acquisition": "Acquisition: attracting leads",
    "sales": "Sales: turning leads into customers",
    "retention": "Retention: keeping customers",
    "chain": "The chain: what spans all three",
}
HEAD = """\
# The KPIs

Made by `make docs` from [kpi_definitions.csv](../dbt_project/seeds/kpi_definitions.csv), which
the models, the audits and the report read too. Each KPI stands in `kpi.scorecard` for every day,
week, month, quarter and year, for `all` and for each member of its dimensions, with its numerator
and denominator. *Final after* is how long after a period's end its value may still move; until
then it is marked as immature and compared with no target.
"""
TABLE = """\
| KPI | name | unit | better | dimensions | final after | formula |
| --- | --- | --- | --- | --- | --- | --- |
"""
BETTER = {"up": "more", "down": "less"}


def page(definitions: list[dict[str, str]]) -> str:
    """Return the page's text for the rows of the seed."""
    sections = [
        f"## {title}\n\n{TABLE}{''.join(map(_row, chosen))}"
        for process, title in PROCESSES.items()
        if (chosen := [row for row in definitions if row["process"] == process])
    ]
    return "\n".join([HEAD, *sections])


def read_definitions() -> list[dict[str, str]]:
    """Return the rows of the seed, texts by column."""
    with SEED.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _row(definition: dict[str, str]) -> str:
    cells = (
        f"`{definition['kpi']}`",
        definition["label"],
        definition["unit"],
        BETTER[definition["direction"]],
        definition["dimensions"].replace(",", ", "),
        _maturity(definition),
        definition["formula"],
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _maturity(definition: dict[str, str]) -> str:
    if not definition["cohort_days"]:
        return "the period's end"
    setting = definition["cohort_setting"]
    return f"{definition['cohort_days']} days" + (f" (`{setting}`)" if setting else "")


if __name__ == "__main__":
    PAGE.write_text(page(read_definitions()), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(PROJECT)}.")
