"""docs/kpis.md says what the seed says."""

from scripts.make_kpi_page import PAGE, page, read_definitions


def test_the_page_is_the_one_that_make_docs_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read_definitions()), "run `make docs`"


def test_every_kpi_has_its_row_with_its_formula() -> None:
    rows = PAGE.read_text(encoding="utf-8").splitlines()
    for definition in read_definitions():
        row = next(row for row in rows if row.startswith(f"| `{definition['kpi']}` |"))
        assert definition["formula"].replace("|", "\\|") in row


def test_what_a_reader_must_know_follows_from_the_row() -> None:
    invented = {
        "kpi": "smiles",
        "process": "retention",
        "label": "Smiles | grins",
        "unit": "count",
        "direction": "up",
        "dimensions": "all,method",
        "cohort_days": "90",
        "cohort_setting": "maturity_days",
        "formula": "Smiles counted",
    }
    text = page([invented])
    assert "## Retention: keeping customers" in text
    assert "## Sales" not in text
    assert (
        "| `smiles` | Smiles \\| grins | count | more | all, method | 90 days (`maturity_days`) "
        "| Smiles counted |" in text
    )
