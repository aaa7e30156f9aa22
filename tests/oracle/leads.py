"""Leads: which contacts are leads, which repeat one, how good they are and what was done."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tests.oracle.reading import TypedRow
from tests.oracle.settings import Criterion, Settings

NONE = "(none)"
Members = dict[str, str]


@dataclass(frozen=True)
class Lead:
    """A contact; a lead where it meets the definition and repeats none."""

    lead_id: str
    person: object
    created_at: datetime
    lead_date: date
    members: Members
    row: TypedRow
    meets_definition: bool
    counted_lead_id: str | None = None
    is_quality: bool = False
    cut_by: str | None = None
    first_activity_at: datetime | None = None
    is_contactable: bool = False  # old enough to have been contacted in time
    is_called_in_time: bool = False
    is_ignored: bool = False
    is_worked: bool = False  # a meeting or an offer was spent on it

    @property
    def is_lead(self) -> bool:
        return self.meets_definition and self.counted_lead_id == self.lead_id

    @property
    def is_duplicate(self) -> bool:
        return self.meets_definition and self.counted_lead_id != self.lead_id

    @property
    def is_qualified(self) -> bool:
        return self.is_lead and self.cut_by is None

    @property
    def is_wasted(self) -> bool:
        return self.is_lead and not self.is_qualified and self.is_worked


def leads(
    settings: Settings,
    rows: Iterable[TypedRow],
    activities: Iterable[TypedRow],
    person_of: dict[tuple[str, str], object],
) -> dict[str, Lead]:
    """Return every contact by its id, judged."""
    contacts = [_contact(settings, row, person_of) for row in rows]
    counted = _counted_leads(settings, contacts)
    contacts = [
        replace(contact, counted_lead_id=counted.get(contact.lead_id)) for contact in contacts
    ]
    done: dict[str, list[TypedRow]] = defaultdict(list)
    for activity in activities:
        done[counted.get(activity["lead_id"], "")].append(activity)
    return {
        contact.lead_id: _judged(settings, contact, done[contact.lead_id])
        if contact.is_lead
        else contact
        for contact in contacts
    }


def _contact(settings: Settings, row: TypedRow, person_of: dict[tuple[str, str], object]) -> Lead:
    lead_id = row["lead_id"]
    by_decision = row["lead_event"] == "decision_maker_interest"
    return Lead(
        lead_id=lead_id,
        person=person_of.get(("leads", lead_id), ("lead", lead_id)),
        created_at=row["created_at"],
        lead_date=row["_date"],
        members={
            "method": row["method"],
            "campaign": row["campaign_id"] or NONE,
            "unit": row["unit"] or NONE,
            "employee": row["employee"] or NONE,
        },
        row=row,
        meets_definition=row["lead_event"] in settings.lead_events
        and (not by_decision or row["is_decision_maker"] is True),
    )


def _counted_leads(settings: Settings, contacts: Iterable[Lead]) -> dict[str, str]:
    """Return, of each contact that meets the definition, the lead that counts for it."""
    by_person: dict[object, list[Lead]] = defaultdict(list)
    for contact in contacts:
        if contact.meets_definition:
            by_person[contact.person].append(contact)
    counted: dict[str, str] = {}
    for own in by_person.values():
        previous: Lead | None = None
        for lead in sorted(own, key=lambda lead: (lead.created_at, lead.lead_id)):
            gap = timedelta(days=settings.lead_dedup_days)
            if previous is not None and lead.created_at - previous.created_at < gap:
                counted[lead.lead_id] = counted[previous.lead_id]
            else:
                counted[lead.lead_id] = lead.lead_id
            previous = lead
    return counted


def _judged(settings: Settings, lead: Lead, activities: list[TypedRow]) -> Lead:
    from_then_on = [
        activity["happened_at"]
        for activity in activities
        if activity["happened_at"] >= lead.created_at
    ]
    first = min(from_then_on, default=None)
    deadline = lead.created_at + timedelta(hours=settings.first_contact_hours)
    cut_by = _first_failing(settings.lead_filter, lead)
    is_contactable = deadline <= settings.as_of_moment
    is_called_in_time = first is not None and first <= deadline
    return replace(
        lead,
        is_quality=_first_failing(settings.target_audience, lead) is None,
        cut_by=cut_by,
        first_activity_at=first,
        is_contactable=is_contactable,
        is_called_in_time=is_called_in_time,
        is_ignored=cut_by is None and is_contactable and not is_called_in_time,
        is_worked=any(activity["activity"] in ("meeting", "offer") for activity in activities),
    )


def _first_failing(criteria: Iterable[Criterion], lead: Lead) -> str | None:
    for criterion in criteria:
        if criterion.judges(lead.lead_date) and not criterion.is_met(lead.row):
            return criterion.name
    return None
