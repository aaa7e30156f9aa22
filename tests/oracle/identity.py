"""Identity: rows that share an identifier are one person, and matches chain."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

import phonenumbers

from tests.oracle.reading import TypedRow
from tests.oracle.settings import Settings

KINDS = ("customer_id", "email", "phone")
MOST_COMPANIONS = 50

RowName = tuple[str, str]  # (feed, key)
Identifier = tuple[str, str]  # (kind, normalised value)


def normalised_email(text: str) -> str:
    """Return the e-mail as it is compared."""
    return unicodedata.normalize("NFC", text).strip().lower()


def normalised_phone(text: str, country: str) -> str | None:
    """Return the phone in E.164, or None when libphonenumber does not call it valid."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def identifiers(row: TypedRow, settings: Settings) -> set[Identifier]:
    """Return what a row says about whose it is, without what the business ignores."""
    found: set[Identifier] = set()
    if row["customer_id"]:
        found.add(("customer_id", row["customer_id"]))
    if row["email"]:
        found.add(("email", normalised_email(row["email"])))
    phone = row["phone"]
    if phone and not settings.phones_are_hashed:
        phone = normalised_phone(phone, settings.country)
    if phone:
        found.add(("phone", phone))
    return found - _ignored(settings)


def _ignored(settings: Settings) -> set[Identifier]:
    ignored: set[Identifier] = set()
    for text in settings.ignore:
        ignored.add(("customer_id", text))
        ignored.add(("email", normalised_email(text)))
        ignored.add(("phone", normalised_phone(text, settings.country) or ""))
    return ignored


def shared_too_widely(rows: Iterable[set[Identifier]]) -> set[Identifier]:
    """Return the identifiers that stand beside more than 50 values of another kind."""
    companions: dict[tuple[Identifier, str], set[str]] = defaultdict(set)
    for row in rows:
        for identifier in row:
            for kind, value in row:
                if kind != identifier[0]:
                    companions[identifier, kind].add(value)
    return {
        identifier
        for (identifier, _), values in companions.items()
        if len(values) > MOST_COMPANIONS
    }


class Labels:
    """Union-find: what is tied has one label, the smallest of all."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def find(self, thing: object) -> object:
        """Return the label of a thing."""
        above = self._above.setdefault(thing, thing)
        while above != thing:
            thing, above = above, self._above[above]
        return thing

    def tie(self, one: object, other: object) -> None:
        """Make one what two things are."""
        first, second = sorted((self.find(one), self.find(other)))  # type: ignore[type-var]
        self._above[second] = first


def people(settings: Settings, named_rows: dict[RowName, TypedRow]) -> dict[RowName, object]:
    """Return the person of each row; a row that cannot be matched has none.

    Args:
        settings: the business.
        named_rows: current rows of leads, orders and loyalty_events by feed and key.
    """
    said = {name: identifiers(row, settings) for name, row in named_rows.items()}
    too_wide = shared_too_widely(said.values())
    labels = Labels()
    matched: dict[RowName, Identifier] = {}
    for name, row_identifiers in said.items():
        usable = sorted(
            identifier
            for identifier in row_identifiers - too_wide
            if identifier[0] in settings.match_on
        )
        for identifier in usable:
            labels.tie(usable[0], identifier)
            matched[name] = usable[0]
    return {name: labels.find(identifier) for name, identifier in matched.items()}
