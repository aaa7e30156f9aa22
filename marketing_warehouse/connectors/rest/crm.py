"""CRM: what the systems in which sellers keep their leads have in common."""

import re
from functools import partial
from typing import TYPE_CHECKING

from marketing_warehouse.connectors.rest.options import ApiOptions
from marketing_warehouse.connectors.rest.values import Read, Record, Value, reader, spelt
from marketing_warehouse.sections import Text, Texts

if TYPE_CHECKING:
    from marketing_warehouse.connectors.pieces import Reading
    from marketing_warehouse.connectors.rest.client import Client

NO_METHOD = "(none)"  # what a lead's method is where nothing says what brought it
DECIDERS = (
    "ceo|cfo|cmo|coo|cto|cio|chief|president|founder|co-founder|owner|co-owner|proprietor|partner|"
    "managing director|director|head|vp|vice president|general manager|principal|"
    "geschäftsführer|geschäftsführerin|inhaber|inhaberin|leiter|leiterin|gründer|gründerin|"
    "administrator|fondator|proprietar|patron|directeur|directrice|gérant|gérante|fondateur|"
    "fondatrice|propriétaire|director general|dueño|propietario|gerente|socio"
)
# Who works for a decision maker bears their title in the own one.
FOR_A_DECIDER = re.compile(r"\b(assistant|assistent|assistentin|asistent|asistentă|secretary|pa)\b")


class CrmOptions(ApiOptions):
    """How a CRM is read.

    Attributes:
        decision_maker_titles: words of job titles that decide; known ones if not said.
        decision_maker_field: a field that says it instead, such as a tick box.
    """

    decision_maker_titles: Texts = ()
    decision_maker_field: Text | None = None


def decision_maker(client: "Client", title: Value) -> Read:
    """Read whether a lead decides, from its job title or a field of choice; None if unsaid."""
    options = client.options
    assert isinstance(options, CrmOptions)
    if options.decision_maker_field:
        return reader(options.decision_maker_field)
    titles = "|".join(re.escape(each.lower()) for each in options.decision_maker_titles)
    return partial(_decides, reader(title), re.compile(rf"\b({titles or DECIDERS})\b"))


def _decides(read: Read, titles: re.Pattern[str], record: Record) -> bool | None:
    said = (spelt(read(record)) or "").strip().lower()
    if not said:
        return None
    return bool(titles.search(said)) and not FOR_A_DECIDER.search(said)


def fields_of(reading: "Reading", *known: str) -> list[str]:
    """Return the fields to ask for: those that are known, and those that business.yml names."""
    source, options = reading.source, reading.source.options
    chosen = [*source.columns.values(), *source.keep]
    if isinstance(options, CrmOptions) and options.decision_maker_field:
        chosen.append(options.decision_maker_field)
    return list(dict.fromkeys([*known, *chosen]))
