"""View: a choice made definite: which numbers are to be shown."""

from dataclasses import dataclass
from datetime import date

from reporting import formats
from reporting.language import say


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
    def whose(self) -> str:
        """Name the one member that is shown, or nothing for the whole business."""
        return member_name(self.member) if self.dimension != "all" else ""


def member_name(member: str) -> str:
    """Return a member as it is shown: those without a name are called so in words."""
    words = {
        "all": say("whole business"),
        "(none)": say("(none)"),
        "(no lead)": say("(no lead)"),
        "(no campaign)": say("(no campaign)"),
        "(anonymous)": say("(anonymous)"),
        "(unallocated)": say("(unallocated)"),
    }
    return words.get(member, member)
