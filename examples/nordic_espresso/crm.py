"""The CRM's exports and the fairs' badge scanner: contacts, and what the sellers did."""

import random
from datetime import datetime, time, timedelta
from pathlib import Path

from examples.nordic_espresso.company import UNITS, Plan
from examples.nordic_espresso.files import (
    Row,
    by_month,
    by_quarter,
    offset,
    utc,
    with_repeats,
    with_strays,
    write_csv,
)
from examples.nordic_espresso.leads import Contact
from examples.nordic_espresso.people import written_email, written_phone, written_unit
from examples.nordic_espresso.selling import Activity, Win

LEADS_HEADER = (
    "id", "created", "modified", "source", "event", "campaign", "client", "email", "phone",
    "decides", "country", "owner", "office", "segment", "declared_budget", "wish_months", "remark",
)  # fmt: skip
FAIR_HEADER = (
    "badge", "scanned", "what", "role", "e-mail", "mobile", "country", "handed to",
    "business", "budget (EUR)", "months", "hall",
)  # fmt: skip
ACTIVITIES_HEADER = ("id", "lead", "at", "what", "by", "why")
SOURCES = {
    "google_ads": "Google Ads",
    "facebook": "Facebook",
    "organic": "website",
    "outbound_calls": "call list",
    "store_visit": "shop",
    "partner_referral": "partner",
    "direct_mail": "letter",
}
EVENTS = {
    "web_form": "form",
    "inbound_call": "call in",
    "store_visit": "visit",
    "decision_maker_interest": "call out",
    "newsletter_signup": "newsletter",
    "brochure_request": "brochure",
}
DONE = {
    "contacted": "call",
    "meeting": "meeting",
    "offer": "quote",
    "won": "deal won",
    "lost": "deal lost",
    "rejected": "not for us",
    "other": "note",
}
BUYERS = ("owner", "purchasing", "manager")
OTHERS = ("barista", "visitor", "press", "")
REMARKS = ("", "", "", "", "call after 10", "has an old machine", "asks about leasing")


def write_contacts(plan: Plan, inbox: Path, contacts: list[Contact], wins: list[Win]) -> None:
    """Write the CRM's monthly exports and the fairs' yearly ones."""
    dice = plan.random("crm files")
    won = {win.lead.number: win for win in wins}
    crm: list[tuple[datetime, Row]] = []
    fairs: dict[int, list[Row]] = {}
    for contact in contacts:
        email, phone = _details(dice, contact)
        if contact.method == "fair":
            row = _fair_row(dice, contact, email, phone)
            fairs.setdefault(contact.created_at.year, []).append(row)
            continue
        row = _crm_row(dice, contact, email, phone)
        crm.append((contact.created_at, row))
        win = won.get(contact.number)
        if win is not None and contact.person.client_id and dice.random() < 0.35:
            # The seller writes the shop's number down once it is known: a later version.
            changed = (*row[:2], utc(win.won_at), *row[3:6], contact.person.client_id, *row[7:])
            crm.append((win.won_at, changed))
    months = by_month(crm)
    for month, rows in months.items():
        full = with_repeats(dice, rows)
        if month == max(months):
            full = with_strays(dice, full, _strays(full[0]))
        write_csv(inbox / "crm" / f"leads_{month}.csv", LEADS_HEADER, full)
    for year, rows in fairs.items():
        write_csv(inbox / "fairs" / f"badges_{year}.csv", FAIR_HEADER, rows, delimiter="\t")


def _details(dice: random.Random, contact: Contact) -> tuple[str, str]:
    """Return the e-mail and the phone that this contact leaves; callers leave no e-mail."""
    person = contact.person
    is_written = contact.lead_event in ("web_form", "newsletter_signup", "badge_scan")
    email = written_email(dice, person.email) if is_written or dice.random() < 0.45 else ""
    gives_phone = contact.lead_event != "newsletter_signup" and dice.random() < 0.9
    phone = written_phone(dice, person.phone) if gives_phone or not email else ""
    if dice.random() < 0.01:
        return "", "ask again"
    return email, phone


def _crm_row(dice: random.Random, contact: Contact, email: str, phone: str) -> Row:
    created = utc(contact.created_at)
    person = contact.person
    # Two minutes after the form came in somebody else could have bought: nobody has yet.
    modified = utc(contact.created_at + timedelta(minutes=2))
    budget = str(contact.budget or "")
    if budget and dice.random() < 0.01:
        budget = f"ca. {budget}"
    return (
        contact.lead_id,
        created,
        modified,
        SOURCES[contact.method],
        EVENTS[contact.lead_event],
        contact.campaign_id or "",
        "",
        email,
        phone,
        {True: "yes", False: "no", None: ""}[contact.is_decision_maker],
        person.country,
        contact.seller or "",
        written_unit(dice, person.unit) if contact.seller else "",
        person.segment,
        budget,
        contact.wish_months or "",
        dice.choice(REMARKS),
    )


def _fair_row(dice: random.Random, contact: Contact, email: str, phone: str) -> Row:
    return (
        contact.lead_id,
        contact.created_at.strftime("%d/%m/%Y %H:%M:%S"),
        "talk" if contact.lead_event == "decision_maker_interest" else "scan",
        dice.choice(BUYERS if contact.is_decision_maker else OTHERS),
        email,
        phone,
        contact.person.country,
        contact.seller or "",
        contact.person.segment,
        contact.budget or "",
        contact.wish_months or "",
        dice.choice(("A1", "A2", "B4")),
    )


def write_activities(plan: Plan, inbox: Path, activities: list[Activity]) -> None:
    """Write what the sellers did, one compressed file a quarter."""
    dice = plan.random("activity files")
    rows: list[tuple[datetime, Row]] = []
    for number, done in enumerate(activities, start=1):
        # A lead that nobody owned was picked up by somebody of its office.
        seller = done.lead.seller or UNITS[done.lead.person.unit].sellers[1]
        row = (
            f"A{number:06d}",
            done.lead.lead_id,
            offset(done.happened_at),
            DONE[done.activity],
            seller,
            done.reason or "",
        )
        rows.append((done.happened_at, row))
    quarters = by_quarter([*rows, *_stray_activity(plan)])
    for quarter, quarterly in quarters.items():
        full = with_repeats(dice, quarterly)
        write_csv(inbox / "crm" / f"activities_{quarter}.csv.gz", ACTIVITIES_HEADER, full)


def _stray_activity(plan: Plan) -> list[tuple[datetime, Row]]:
    """Return what does not fit: a kind of activity that nobody told the warehouse of."""
    noon = datetime.combine(plan.until, time(12))
    return [(noon, ("A900001", "L100001", offset(noon), "text message", "", ""))]


def _strays(pattern: Row) -> list[Row]:
    """Return rows that do not fit: without an id, with a word for a time, without a source."""
    no_id, no_time, no_source = list(pattern), list(pattern), list(pattern)
    no_id[0] = ""
    no_time[0], no_time[1] = "L900001", "yesterday"
    no_source[0], no_source[3] = "L900002", ""
    return [no_id, no_time, no_source]
