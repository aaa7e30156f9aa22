"""View: a choice made definite: which numbers are to be shown."""

import re
from dataclasses import dataclass
from datetime import date

from reporting import formats
from reporting.language import say

CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True)
class View:
    """A choice made definite for one page: what is to be shown."""

    grain: str
    since: date
    until: date
    start: date | None
    end: date | None
    dimension: str
    member: str
    compare: str = "previous"  # what numbers are held against: the period before, or `last_year`

    @property
    def compares(self) -> bool:
        """Whether the members of a dimension stand beside each other."""
        return self.dimension != "all" and not self.member

    @property
    def period(self) -> str:
        return formats.period(self.grain, self.start) if self.start else ""

    @property
    def within(self) -> str:
        return formats.within(self.grain, self.start) if self.start else ""

    @property
    def start_before(self) -> date:
        """Return when the period began that the numbers are held against."""
        if self.start is None:
            raise ValueError("A view without a period has none before it.")
        if self.compare == "last_year":
            return formats.a_year_before(self.grain, self.start)
        return formats.previous(self.grain, self.start)

    @property
    def whose(self) -> str:
        """Name the one member that is shown, or nothing for the whole business."""
        return member_name(self.member, self.dimension) if self.dimension != "all" else ""


def member_name(member: str, dimension: str = "") -> str:
    """Return a member as it is shown.

    Those without a name are called so in words; a method's code, such as `google_ads`, is read as
    words too, while campaigns, units and people keep the spelling that their source gave them.
    """
    words = {
        "all": say("whole business"),
        "(none)": say("(none)"),
        "(no lead)": say("(no lead)"),
        "(no campaign)": say("(no campaign)"),
        "(anonymous)": say("(anonymous)"),
        "(unallocated)": say("(unallocated)"),
    }
    if member in words or dimension != "method" or not CODE.fullmatch(member):
        return words.get(member, member)
    return member.replace("_", " ").capitalize()


def dimension_choice(dimension: str) -> str:
    """Say by what the business is looked at."""
    words = {
        "all": say("whole business"),
        "method": say("by method"),
        "campaign": say("by campaign"),
        "unit": say("by unit"),
        "employee": say("by employee"),
    }
    return words[dimension]
