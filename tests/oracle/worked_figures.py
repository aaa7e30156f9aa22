"""Every KPI of the worked company's first day, by hand: in each dimension, of every member.

A total is a number, a quotient the pair of its numerator and denominator. The leads of the day:

    lead  person  method  campaign  unit   employee  country  budget
    L1    Anna    search  c1        north  eva       RO       800
    L2    Ben     search  c1        north  eva       RO       600
    L3    Cara    search            south  dan       DE       500
    L4    Dora    fair              south  eva       MD       100     cut by its budget
    L5    Eli     fair    c2                                          cut: it names none

Its customers: Anna by L1, Ben by L3 (which his order names), Dora by L4, Gus by no lead. Its
completed orders, as net revenue and gross profit: O1 Anna 300, 200; O2 Ben 100 - 20 - 10 = 70, 30;
O3 Gus 50, 50; O4 nobody 40, 30; O6 and O7 Dora 30, 20 each.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Median:
    """A median, and of how many cases."""

    value: Fraction
    cases: int


@dataclass(frozen=True)
class Value:
    """A value that has no parts beside it."""

    value: Fraction


Worked = int | Fraction | tuple[Fraction | int, int | Fraction] | Median | Value
Members = dict[str, Worked]

NONE, NO_LEAD, NOBODY = "(none)", "(no lead)", "(anonymous)"
SECOND = Fraction(1, 3600)  # in hours


def cents(euros: str) -> Fraction:
    """Return an amount exactly."""
    return Fraction(euros)


ACQUISITION: dict[str, dict[str, Members]] = {
    # The five leads, Anna's repeat L6 (search, c1) and the newsletter L7 (fair).
    "contacts": {
        "all": {"all": 7},
        "method": {"search": 4, "fair": 3},
        "campaign": {"c1": 3, "c2": 1, NONE: 3},
    },
    "leads": {
        "all": {"all": 5},
        "method": {"search": 3, "fair": 2},
        "campaign": {"c1": 2, "c2": 1, NONE: 2},
    },
    "duplicate_leads": {"all": {"all": 1}, "method": {"search": 1}, "campaign": {"c1": 1}},
    # Ads 90 + 10 + 20; the ledger's 50 by leads: 10 each, 30 for search and 20 for the fair.
    "acquisition_cost": {
        "all": {"all": 170},
        "method": {"search": 130, "fair": 40},
        "campaign": {"c1": 90, "c2": 20, "c3": 10, "(no campaign)": 50},
    },
    "cost_per_lead": {
        "all": {"all": (170, 5)},
        "method": {"search": (130, 3), "fair": (40, 2)},
        "campaign": {
            **{"c1": (90, 2), "c2": (20, 1), "c3": (10, 0), "(no campaign)": (50, 0)},
            NONE: (0, 2),
        },
    },
    # L1, L2 and L4 live where we serve.
    "quality_leads": {
        "all": {"all": 3},
        "method": {"search": 2, "fair": 1},
        "campaign": {"c1": 2, NONE: 1},
    },
    "lead_quality_rate": {
        "all": {"all": (3, 5)},
        "method": {"search": (2, 3), "fair": (1, 2)},
        "campaign": {"c1": (2, 2), "c2": (0, 1), NONE: (1, 2)},
    },
    "cost_per_quality_lead": {
        "all": {"all": (170, 3)},
        "method": {"search": (130, 2), "fair": (40, 1)},
        "campaign": {
            **{"c1": (90, 2), "c2": (20, 0), "c3": (10, 0), "(no campaign)": (50, 0)},
            NONE: (0, 1),
        },
    },
    "ad_spend": {
        "all": {"all": 120},
        "method": {"search": 100, "fair": 20},
        "campaign": {"c1": 90, "c2": 20, "c3": 10},
    },
    "impressions": {
        "all": {"all": 1600},
        "method": {"search": 1200, "fair": 400},
        "campaign": {"c1": 1000, "c2": 400, "c3": 200},
    },
    "clicks": {
        "all": {"all": 38},
        "method": {"search": 30, "fair": 8},
        "campaign": {"c1": 30, "c2": 8},
    },
    "click_through_rate": {
        "all": {"all": (38, 1600)},
        "method": {"search": (30, 1200), "fair": (8, 400)},
        "campaign": {"c1": (30, 1000), "c2": (8, 400), "c3": (0, 200)},
    },
    "cost_per_click": {
        "all": {"all": (120, 38)},
        "method": {"search": (100, 30), "fair": (20, 8)},
        "campaign": {"c1": (90, 30), "c2": (20, 8), "c3": (10, 0)},
    },
}

SALES: dict[str, dict[str, Members]] = {
    # A budget of 500: L1, L2, L3.
    "qualified_leads": {
        "all": {"all": 3},
        "method": {"search": 3},
        "unit": {"north": 2, "south": 1},
        "employee": {"eva": 2, "dan": 1},
    },
    "filter_pass_rate": {
        "all": {"all": (3, 5)},
        "method": {"search": (3, 3), "fair": (0, 2)},
        "unit": {"north": (2, 2), "south": (1, 2), NONE: (0, 1)},
        "employee": {"eva": (2, 3), "dan": (1, 1), NONE: (0, 1)},
    },
    # L1 waited an hour and a half, L2 24 hours, L3 a second more.
    "ignored_leads": {
        "all": {"all": 1},
        "method": {"search": 1},
        "unit": {"south": 1},
        "employee": {"dan": 1},
    },
    "ignored_lead_rate": {
        "all": {"all": (1, 3)},
        "method": {"search": (1, 3)},
        "unit": {"north": (0, 2), "south": (1, 1)},
        "employee": {"eva": (0, 2), "dan": (1, 1)},
    },
    # Eva met L4, which the filter had cut.
    "wasted_leads": {
        "all": {"all": 1},
        "method": {"fair": 1},
        "unit": {"south": 1},
        "employee": {"eva": 1},
    },
    "wasted_lead_rate": {
        "all": {"all": (1, 2)},
        "method": {"fair": (1, 2)},
        "unit": {"south": (1, 1), NONE: (0, 1)},
        "employee": {"eva": (1, 1), NONE: (0, 1)},
    },
    # Hours: L1 1.5 (by its repeat), L2 24, L3 24 and a second, L4 10 days = 240; L5 never.
    "hours_to_first_contact": {
        "all": {"all": Median(24 + SECOND / 2, 4)},
        "method": {"search": Median(Fraction(24), 3), "fair": Median(Fraction(240), 1)},
        "unit": {"north": Median(Fraction("12.75"), 2), "south": Median(132 + SECOND / 2, 2)},
        "employee": {"eva": Median(Fraction(24), 3), "dan": Median(24 + SECOND, 1)},
    },
    "new_customers": {
        "all": {"all": 4},
        "method": {"search": 2, "fair": 1, NO_LEAD: 1},
        "unit": {"north": 1, "south": 2, NO_LEAD: 1},
        "employee": {"eva": 2, "dan": 1, NO_LEAD: 1},
    },
    # L1, L3 and L4 are a customer's; L2 is not, because Ben's order names L3.
    "lead_to_customer_rate": {
        "all": {"all": (3, 5)},
        "method": {"search": (2, 3), "fair": (1, 2)},
        "unit": {"north": (1, 2), "south": (2, 2), NONE: (0, 1)},
        "employee": {"eva": (2, 3), "dan": (1, 1), NONE: (0, 1)},
    },
    "qualified_to_customer_rate": {
        "all": {"all": (2, 3)},
        "method": {"search": (2, 3)},
        "unit": {"north": (1, 2), "south": (1, 1)},
        "employee": {"eva": (1, 2), "dan": (1, 1)},
    },
    # From eight o'clock: L1 4 hours, L3 10, L4 4.
    "days_to_customer": {
        "all": {"all": Median(Fraction(4, 24), 3)},
        "method": {"search": Median(Fraction(7, 24), 2), "fair": Median(Fraction(4, 24), 1)},
        "unit": {"north": Median(Fraction(4, 24), 1), "south": Median(Fraction(7, 24), 2)},
        "employee": {"eva": Median(Fraction(4, 24), 2), "dan": Median(Fraction(10, 24), 1)},
    },
    # 30 by qualified leads: 20 for eva in the north, 10 for dan in the south. The south's 90 by the
    # south's only qualified lead: dan's.
    "sales_cost": {
        "all": {"all": 120},
        "method": {"search": 120},
        "unit": {"north": 20, "south": 100},
        "employee": {"eva": 20, "dan": 100},
    },
    "sales_cost_per_customer": {
        "all": {"all": (120, 4)},
        "method": {"search": (120, 2), "fair": (0, 1), NO_LEAD: (0, 1)},
        "unit": {"north": (20, 1), "south": (100, 2), NO_LEAD: (0, 1)},
        "employee": {"eva": (20, 2), "dan": (100, 1), NO_LEAD: (0, 1)},
    },
    # Dora is back after two hours, Gus after 30 days, Anna after exactly 90, Ben too late.
    "customer_quality": {
        "all": {"all": (3, 4)},
        "method": {"search": (1, 2), "fair": (1, 1), NO_LEAD: (1, 1)},
        "unit": {"north": (1, 1), "south": (1, 2), NO_LEAD: (1, 1)},
        "employee": {"eva": (2, 2), "dan": (0, 1), NO_LEAD: (1, 1)},
    },
    # Given back: Ben's 10 and all of Hal's 60. Sold: 300 + 100 + 50 + 40 + 60 + 30 + 30.
    "refund_rate": {
        "all": {"all": (70, 610)},
        "method": {"search": (10, 400), "fair": (0, 60), NO_LEAD: (60, 110), NOBODY: (0, 40)},
        "unit": {"north": (0, 300), "south": (10, 160), NO_LEAD: (60, 110), NOBODY: (0, 40)},
        "employee": {"eva": (0, 360), "dan": (10, 100), NO_LEAD: (60, 110), NOBODY: (0, 40)},
    },
    # Anna 200 + 60 on the 90th day, Ben 30, Gus 50 + 15, Dora 20 + 20.
    "profit_90d_per_customer": {
        "all": {"all": (395, 4)},
        "method": {"search": (290, 2), "fair": (40, 1), NO_LEAD: (65, 1)},
        "unit": {"north": (260, 1), "south": (70, 2), NO_LEAD: (65, 1)},
        "employee": {"eva": (300, 2), "dan": (30, 1), NO_LEAD: (65, 1)},
    },
}

RETENTION: dict[str, dict[str, Members]] = {
    "customer_base": {"all": {"all": 4}, "method": {"search": 2, "fair": 1, NO_LEAD: 1}},
    "active_customers": {"all": {"all": 4}, "method": {"search": 2, "fair": 1, NO_LEAD: 1}},
    # Only Dora has bought twice by the end of the day.
    "repeat_customers": {"all": {"all": 1}, "method": {"fair": 1}},
    "repeat_purchase_rate": {
        "all": {"all": (1, 4)},
        "method": {"search": (0, 2), "fair": (1, 1), NO_LEAD: (0, 1)},
    },
    "repeat_rate_30d": {
        "all": {"all": (2, 4)},
        "method": {"search": (0, 2), "fair": (1, 1), NO_LEAD: (1, 1)},
    },
    "repeat_rate_90d": {
        "all": {"all": (3, 4)},
        "method": {"search": (1, 2), "fair": (1, 1), NO_LEAD: (1, 1)},
    },
    "repeat_rate_365d": {
        "all": {"all": (4, 4)},
        "method": {"search": (2, 2), "fair": (1, 1), NO_LEAD: (1, 1)},
    },
    # The ledger's 40 by the customer base: 10 each. Anna's 2.5; Fay's 1.5, who is no customer.
    "retention_cost": {
        "all": {"all": 44},
        "method": {"search": cents("22.5"), "fair": 10, NO_LEAD: cents("11.5")},
    },
    "retention_cost_per_customer": {
        "all": {"all": (44, 4)},
        "method": {"search": (cents("22.5"), 2), "fair": (10, 1), NO_LEAD: (cents("11.5"), 1)},
    },
    "revenue": {
        "all": {"all": 520},
        "method": {"search": 370, "fair": 60, NO_LEAD: 50, NOBODY: 40},
    },
    "revenue_per_customer": {
        "all": {"all": (480, 4)},
        "method": {"search": (370, 2), "fair": (60, 1), NO_LEAD: (50, 1)},
    },
    "gross_profit": {
        "all": {"all": 350},
        "method": {"search": 230, "fair": 40, NO_LEAD: 50, NOBODY: 30},
    },
    "profit_per_customer": {
        "all": {"all": (320, 4)},
        "method": {"search": (230, 2), "fair": (40, 1), NO_LEAD: (50, 1)},
    },
    "orders": {"all": {"all": 6}, "method": {"search": 2, "fair": 2, NO_LEAD: 1, NOBODY: 1}},
    "average_order_value": {
        "all": {"all": (520, 6)},
        "method": {"search": (370, 2), "fair": (60, 2), NO_LEAD: (50, 1), NOBODY: (40, 1)},
    },
    # Anna alone: Dora has left, Fay is no customer.
    "loyalty_members": {"all": {"all": 1}, "method": {"search": 1}},
    "loyalty_member_rate": {
        "all": {"all": (1, 4)},
        "method": {"search": (1, 2), "fair": (0, 1), NO_LEAD: (0, 1)},
    },
    "redemption_rate": {
        "all": {"all": (10, 50)},
        "method": {"search": (10, 40), "fair": (0, 10)},
    },
}

CHAIN: dict[str, dict[str, Members]] = {
    "lead_cost_per_customer": {
        "all": {"all": (170, 4)},
        "method": {"search": (130, 2), "fair": (40, 1), NO_LEAD: (0, 1)},
    },
    # 42.5 + 30 + 11; search 65 + 60 + 11.25; fair 40 + 0 + 10; without a lead 0 + 0 + 11.5.
    "total_cost_per_customer": {
        "all": {"all": Value(cents("83.5"))},
        "method": {
            "search": Value(cents("136.25")),
            "fair": Value(cents("50")),
            NO_LEAD: Value(cents("11.5")),
        },
    },
    # 350 - 170 - 120 - 44; search 230 - 130 - 120 - 22.5; fair 40 - 40 - 10; 50 - 11.5; 30.
    "contribution": {
        "all": {"all": 16},
        "method": {
            "search": cents("-42.5"),
            "fair": -10,
            NO_LEAD: cents("38.5"),
            NOBODY: 30,
        },
    },
    # Profit to date: Anna 260, Ben 30 + 6, Gus 65, Dora 40. Cost: that of winning (170 + 120), and
    # their heads' share of keeping: 44 in December; of March's 30, shared by five (Ian is the
    # fifth), four parts: 24; of the next December's 20, shared by four (Dora has been away for a
    # year), three parts: 15. By method: search 250 + 22.5 + 12 + 10, fair 40 + 10 + 6, no lead
    # 0 + 11.5 and half of what Gus shares with Ian, 12 and 10.
    "profit_to_cost": {
        "all": {"all": (401, 373)},
        "method": {
            "search": (296, cents("294.5")),
            "fair": (40, 56),
            NO_LEAD: (65, cents("22.5")),
        },
    },
}

# The profit of the day, 320, covers all costs of winning, 290, as soon as it is past; the fair's 40
# just covers its 40. Search earned 230 of 250 and has the rest with Anna's 60 of 31 March 2025,
# which is before 31 December + 4 months (+ 3 is 31 March itself). Gus cost nothing to win: the
# first month that is looked at will do.
MONTHS_TO_PAY_BACK: dict[str, dict[str, dict[str, int]]] = {
    grain: {
        "all": {"all": at_once},
        "method": {"search": in_spring, "fair": at_once, NO_LEAD: 1},
    }
    for grain, at_once, in_spring in (
        ("day", 1, 4),  # from 31 December
        ("week", 1, 4),  # from 30 December
        ("month", 1, 4),  # from 1 December
        ("quarter", 3, 6),  # from 1 October
        ("year", 12, 15),  # from 1 January 2024
    )
}

STARTS = {
    "day": "2024-12-31",
    "week": "2024-12-30",
    "month": "2024-12-01",
    "quarter": "2024-10-01",
    "year": "2024-01-01",
}


def of_grain(grain: str) -> dict[str, dict[str, Members]]:
    """Return what was worked out for the period of a grain: by KPI, dimension and member."""
    months = {
        dimension: {member: Value(Fraction(number)) for member, number in members.items()}
        for dimension, members in MONTHS_TO_PAY_BACK[grain].items()
    }
    return {**ACQUISITION, **SALES, **RETENTION, **CHAIN, "payback_months": months}
