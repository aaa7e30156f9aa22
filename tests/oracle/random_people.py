"""Random people, some of whom share an e-mail or a phone with the next."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody with more than one way to be recognised."""

    name: str
    customer_ids: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]

    def identifiers(self, chance: random.Random) -> dict[str, str]:
        """Return what they happen to say this time, maybe nothing that can be matched."""
        said = {}
        if chance.random() < 0.5:
            said["customer_id"] = chance.choice(self.customer_ids)
        if chance.random() < 0.6:
            email = chance.choice([*self.emails, *self.emails, "info@example.com"])
            said["email"] = chance.choice([email, email.upper()])
        if chance.random() < 0.5:
            said["phone"] = chance.choice([*self.phones, "123"])
        return said


def people(chance: random.Random, count: int) -> list[Person]:
    """Return people; now and then the next one shares something with the one before."""
    made: list[Person] = []
    for number in range(count):
        phone = f"07{20_000_000 + number * 4_321:08d}"
        phones = (phone, f"+40 {phone[1:4]} {phone[4:7]} {phone[7:]}")
        emails = (f"p{number}@example.com", f"p{number}@work.example")
        if made and chance.random() < 0.2:
            shared = chance.choice(["email", "phone"])
            emails = (emails[0], made[-1].emails[1]) if shared == "email" else emails
            phones = (phones[0], made[-1].phones[0]) if shared == "phone" else phones
        made.append(Person(f"p{number}", (f"C{number}",), emails, phones))
    return made
