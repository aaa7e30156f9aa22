"""The demo company: the same every time, with all eight feeds, and of nobody real."""

import csv
import gzip
import hashlib
import io
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import phonenumbers
import pyarrow.parquet as pq
import pytest

from examples.nordic_espresso import Plan, generate
from marketing_warehouse.config import read_config
from marketing_warehouse.feeds import FEEDS

ROOT = Path(__file__).parents[2]
SMALL = Plan(until=date(2026, 10, 31), days=120, customers=150, seed=7)
LEAD_EVENTS = {"form", "call in", "visit"}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("nordic_espresso")
    generate(SMALL, home)
    return home


def rows_of(
    company: Path, pattern: str, delimiter: str = ",", encoding: str = "utf-8-sig"
) -> list[dict[str, str]]:
    """Read files of the inbox by nothing but the standard library, in the order of their names."""
    rows: list[dict[str, str]] = []
    for path in sorted((company / "inbox").glob(pattern)):
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        text = io.StringIO(content.decode(encoding), newline="")
        rows += csv.DictReader(text, delimiter=delimiter)
    return rows


def shop_orders(company: Path) -> list[dict[str, str]]:
    return rows_of(company, "shop/*.csv", delimiter=";", encoding="windows-1252")


def digests(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def counted_leads(company: Path) -> int:
    crm = [
        row
        for row in rows_of(company, "crm/leads_*.csv")
        if row["event"] in LEAD_EVENTS or (row["event"] == "call out" and row["decides"] == "yes")
    ]
    fair = [row for row in rows_of(company, "fairs/*.csv", "\t") if row["what"] == "talk"]
    return len({row["id"] for row in crm}) + len(fair)


def test_the_same_plan_writes_the_same_bytes(company: Path, tmp_path: Path) -> None:
    generate(SMALL, tmp_path)
    assert digests(tmp_path) == digests(company)


def make(home: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "examples.nordic_espresso", home, *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_the_command_line_writes_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    options = ["--days", "30", "--customers", "20", "--seed", "3", "--until", "2026-05-31"]
    made = make(tmp_path / "there", *options, PYTHONHASHSEED="2")
    assert made.stdout.startswith("Nordic Espresso, 2026-05-02 to 2026-05-31: ")
    generate(Plan(date(2026, 5, 31), days=30, customers=20, seed=3), tmp_path / "here")
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


def test_two_companies_are_not_mixed_in_one_home(company: Path) -> None:
    before = digests(company)
    refused = make(company, "--days", "1", "--customers", "1")
    assert refused.returncode != 0
    assert refused.stderr.strip() == (
        f"{company / 'inbox'} already holds files: name another folder, or remove this one first."
    )
    assert digests(company) == before


def test_what_an_interrupted_run_left_does_not_disturb_the_next(tmp_path: Path) -> None:
    stale = tmp_path / "inbox.unfinished" / "shop" / "orders_2001-01.csv"
    stale.parent.mkdir(parents=True)
    stale.write_text("half a li")
    generate(Plan(date(2026, 5, 31), days=3, customers=1, seed=3), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"business.yml", "inbox"}
    assert not (tmp_path / "inbox" / "shop" / stale.name).exists()


def test_another_seed_is_another_company(company: Path, tmp_path: Path) -> None:
    generate(Plan(SMALL.until, SMALL.days, SMALL.customers, seed=8), tmp_path)
    same = digests(tmp_path).items() & digests(company).items()
    assert {name for name, _ in same} <= {"business.yml", "inbox/plan/targets.csv"}


def test_business_yml_is_valid_and_names_all_eight_feeds(company: Path) -> None:
    config = read_config(company / "business.yml")
    assert {source.feed for source in config.sources} == set(FEEDS)


def test_every_source_finds_files_and_every_file_a_source(company: Path) -> None:
    config = read_config(company / "business.yml")
    found = {source.name: set(company.glob(source.path or "")) for source in config.sources}
    assert [name for name, paths in found.items() if not paths] == []
    inbox = [path for path in (company / "inbox").rglob("*") if path.is_file()]
    assert Counter(path for paths in found.values() for path in paths) == Counter(inbox)


@pytest.mark.parametrize(("days", "customers"), [(1, 1), (3, 1), (60, 50)])
def test_even_the_smallest_company_has_all_its_sources(
    tmp_path: Path, days: int, customers: int
) -> None:
    generate(Plan(date(2026, 10, 31), days, customers, seed=1), tmp_path)
    sources = read_config(tmp_path / "business.yml").sources
    assert [source.name for source in sources if not list(tmp_path.glob(source.path or ""))] == []


def test_there_are_eight_leads_for_each_customer_asked_for(company: Path) -> None:
    assert counted_leads(company) == pytest.approx(150 * 8, rel=0.15)


def test_about_as_many_people_order_as_were_asked_for(company: Path) -> None:
    clients = {row["client"] for row in shop_orders(company) if row["state"] == "livrata"}
    assert 0.5 * 150 <= len(clients) <= 1.5 * 150


def test_nothing_happens_after_the_last_day(company: Path) -> None:
    # Days as the files spell them; rows that do not fit are passed over by their ids.
    last = SMALL.until
    orders = [row for row in shop_orders(company) if not row["nr"].startswith("W3900")]
    for row in orders:
        assert datetime.strptime(row["changed"], "%d.%m.%Y %H:%M:%S").date() <= last
    leads = [row for row in rows_of(company, "crm/leads_*.csv") if row["created"] != "yesterday"]
    assert max(row["modified"] for row in leads) < f"{last + timedelta(days=1)}"
    assert max(row["at"] for row in rows_of(company, "crm/activities_*.csv.gz"))[:10] <= f"{last}"
    assert max(row["at"] for row in rows_of(company, "club/*.csv.gz", "\t"))[:10] <= f"{last}"
    days = [row["Day"] for row in rows_of(company, "ads/google_*.csv.gz")]
    assert max(day for day in days if day[0] == "2") == f"{last}"


def test_everybody_lives_on_a_reserved_domain(company: Path) -> None:
    texts = [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in (company / "inbox").rglob("*")
        if path.is_file() and path.suffix != ".parquet"
    ]
    domains = {
        domain.lower()
        for text in texts
        for domain in re.findall(r"@([\w.-]+)", text.decode("latin-1"))
    }
    assert domains == {"example.com", "example.org"}


def test_local_phones_are_valid_in_romania(company: Path) -> None:
    phones = {row["phone"].strip() for row in shop_orders(company)} - {""}
    assert len(phones) > 100
    assert [
        phone
        for phone in phones
        if not phonenumbers.is_valid_number(phonenumbers.parse(phone, "RO"))
    ] == []


def test_orders_are_paid_in_two_currencies_and_some_come_back(company: Path) -> None:
    orders = shop_orders(company)
    assert {row["currency"] for row in orders} == {"EUR", "RON"}
    assert {"livrata", "anulata", "returnata"} <= {row["state"] for row in orders}


def test_a_shop_total_is_goods_less_discount_with_tax_and_freight(company: Path) -> None:
    def cents(text: str) -> int:
        return round(Decimal(text.replace(",", ".") or "0") * 100)

    for row in shop_orders(company):
        if row["nr"].startswith("W3900"):
            continue
        goods = cents(row["goods"]) - cents(row["discount"])
        assert cents(row["total"]) == goods + cents(row["vat"]) + cents(row["shipping"])


def test_most_receipts_of_the_tills_are_of_nobody_known(company: Path) -> None:
    receipts: dict[str, str | None] = {}
    for path in (company / "inbox" / "till").glob("*.parquet"):
        for line in pq.read_table(path).to_pylist():
            receipts[line["receipt"]] = line["card"]
            assert line["amount"] >= line["discount"] >= 0
    anonymous = [receipt for receipt, card in receipts.items() if card is None]
    assert len(receipts) > len(anonymous) > len(receipts) / 2


def test_the_bank_publishes_on_working_days_before_the_first_sale(company: Path) -> None:
    rates = {date.fromisoformat(row["Date"]): row["RON"] for row in rows_of(company, "bank/*.csv")}
    assert {day.weekday() for day in rates} == {0, 1, 2, 3, 4}
    assert min(day for day, rate in rates.items() if rate != "N/A") < SMALL.start


def test_the_ledger_knows_all_three_processes_and_a_credit_note(company: Path) -> None:
    ledger = rows_of(company, "ledger/*.csv", ";")
    assert {"attract", "sell", "keep"} <= {row["process"] for row in ledger}
    notes = [row for row in ledger if row["amount"].startswith("-")]
    assert [(row["account"], row["method"]) for row in notes] == [("credit note", "fair")]
    assert {row["currency"] for row in ledger} == {"EUR", "RON"}
    # Some costs name an employee, some leave everything open.
    assert any(row["employee"] for row in ledger)
    assert any(not row["method"] + row["office"] + row["employee"] for row in ledger)


def test_few_enough_rows_do_not_fit(company: Path) -> None:
    bad = [row for row in shop_orders(company) if row["nr"].startswith("W3900")]
    assert 1 <= len(bad) <= 10
    leads = rows_of(company, "crm/leads_*.csv")
    bad = [row for row in leads if not (row["id"] and row["source"] and row["created"][0] == "2")]
    assert 1 <= len(bad) <= 10


def test_good_leads_of_the_fair_wait_in_cluj_and_are_called_elsewhere(tmp_path: Path) -> None:
    generate(Plan(date(2026, 10, 31), 365, 1200, seed=1), tmp_path)
    first_calls: dict[str, datetime] = {}
    for row in rows_of(tmp_path, "crm/activities_*.csv.gz"):
        called_at = datetime.fromisoformat(row["at"]).replace(tzinfo=None)
        first_calls[row["lead"]] = min(called_at, first_calls.get(row["lead"], called_at))
    within_a_day: dict[bool, list[bool]] = {True: [], False: []}
    for row in rows_of(tmp_path, "fairs/*.csv", "\t"):
        if row["what"] == "talk" and row["handed to"] and int(row["budget (EUR)"] or 0) >= 1000:
            scanned_at = datetime.strptime(row["scanned"], "%d/%m/%Y %H:%M:%S")
            wait = first_calls.get(row["badge"], datetime.max) - scanned_at
            is_in_cluj = row["handed to"] in ("Radu", "Elena")
            within_a_day[is_in_cluj].append(wait <= timedelta(hours=24))
    called = {cluj: sum(calls) / len(calls) for cluj, calls in within_a_day.items()}
    assert called[True] < 0.35
    assert called[False] > 0.7
