"""The people: made-up names on reserved domains, and the ways they write their details."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from examples.nordic_espresso.company import SEGMENTS

FIRST_NAMES = (
    "andrei", "bianca", "carmen", "cosmin", "dana", "doina", "emil", "florin", "gabriela", "horia",
    "irina", "ion", "larisa", "lucian", "maria", "matei", "nicu", "oana", "paul", "raluca",
    "sanda", "sorin", "teodora", "tudor", "vasile", "victor", "viorica", "zoe",
)  # fmt: skip
COMPANY_WORDS = ("arabica", "boabe", "crema", "dolce", "lungo", "mocha", "ristretto", "robusta")
# Nobody's box: the sellers type it when a visitor leaves no address. business.yml ignores it.
NOBODYS_EMAIL = "info@example.com"


@dataclass(slots=True)
class Person:
    """Somebody who asked or bought; `phone` are the nine digits after Romania's +40."""

    number: int
    segment: str
    country: str
    unit: str
    email: str
    phone: str
    client_id: str | None = None
    card: str | None = None
    member_since: datetime | None = None

    @property
    def is_company(self) -> bool:
        return SEGMENTS[self.segment].is_company


class Crowd:
    """Makes people, each with an e-mail and a phone that nobody else has."""

    def __init__(self, dice: random.Random, first_number: int = 1) -> None:
        self._dice = dice
        self._made = first_number - 1

    def newcomer(self, segment: str, unit: str) -> Person:
        dice = self._dice
        self._made += 1
        number = self._made
        if SEGMENTS[segment].is_company:
            email = f"office.{dice.choice(COMPANY_WORDS)}{number}@example.org"
        else:
            email = f"{dice.choice(FIRST_NAMES)}.{number}@example.com"
        country = dice.choices(("RO", "MD", "BG", "HU"), (90, 5, 3, 2))[0]
        # 7919 has no divisor in common with a million: every number is another phone.
        phone = f"{700 + number // 10**6}{number * 7919 % 10**6:06d}"
        return Person(number, segment, country, unit, email, phone)


def written_email(dice: random.Random, email: str) -> str:
    """Return the e-mail as people type it: mostly right, sometimes shouted or with spaces."""
    chance = dice.random()
    if chance < 0.03:
        return email.upper()
    if chance < 0.06:
        return email.capitalize()
    if chance < 0.08:
        return f" {email} "
    return email


def written_phone(dice: random.Random, digits: str) -> str:
    """Return the phone in one of the many ways in which a Romanian writes it."""
    first, second, third = digits[:3], digits[3:6], digits[6:]
    return dice.choice(
        (
            f"0{digits}",
            f"0{digits}",
            f"+40{digits}",
            f"+40 {first} {second} {third}",
            f"0040 {first} {second} {third}",
            f"0{first}-{second}-{third}",
            f"0{first}.{second}.{third}",
            f" 0{first} {second} {third}",
        )
    )


def written_unit(dice: random.Random, unit: str) -> str:
    """Return the unit's name; some keyboards compose the ș of Iași of two characters."""
    return unicodedata.normalize("NFD", unit) if dice.random() < 0.05 else unit
