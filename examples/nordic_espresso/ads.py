"""The ads: what Google and Facebook charged, one compressed export a month and platform."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from examples.nordic_espresso.company import METHODS, Plan
from examples.nordic_espresso.files import Row, by_month, money, with_strays, write_csv
from examples.nordic_espresso.leads import Contact
from examples.nordic_espresso.rates import Exchange


@dataclass(frozen=True)
class Campaign:
    """A campaign, its ad groups, its part of the platform's spend and the price of a click."""

    campaign_id: str
    name: str
    ad_groups: tuple[str, ...]
    share: float
    cents_per_click: int


CAMPAIGNS = {
    "google_ads": (
        Campaign("9101", "Search | machines for cafés", ("espresso machine", "grinder"), 0.40, 95),
        Campaign("9102", "Search | coffee for offices", ("office coffee",), 0.35, 70),
        Campaign("9103", "Shopping | home", ("home machines", "beans"), 0.25, 38),
    ),
    "facebook": (
        Campaign("7201", "Win a coffee for a year", ("25-34", "35-49"), 0.65, 16),
        Campaign("7202", "Barista training", ("baristas",), 0.35, 24),
    ),
}
CAMPAIGN_IDS = {
    method: tuple(campaign.campaign_id for campaign in campaigns)
    for method, campaigns in CAMPAIGNS.items()
}
GOOGLE_HEADER = (
    "Day", "Account", "Campaign ID", "Campaign", "Ad group ID", "Ad group",
    "Cost", "Impr.", "Clicks",
)  # fmt: skip
FACEBOOK_HEADER = (
    "Reporting starts", "Campaign ID", "Campaign name", "Ad set ID", "Ad set name",
    "Amount spent (RON)", "Impressions", "Link clicks", "Frequency",
)  # fmt: skip
# Google corrects the clicks of the last days of a month in the next month's export.
DAYS_CORRECTED = 3


@dataclass(slots=True)
class Spend:
    """One day of one ad group; `cents` in euro."""

    day: date
    campaign: Campaign
    group: int
    cents: int
    impressions: int
    clicks: int


def write_ads(plan: Plan, inbox: Path, contacts: list[Contact], exchange: Exchange) -> None:
    """Write both platforms' monthly exports."""
    _write_google(plan, inbox, _spend(plan, "google_ads", contacts))
    _write_facebook(plan, inbox, _spend(plan, "facebook", contacts), exchange)


def _spend(plan: Plan, method: str, contacts: list[Contact]) -> list[Spend]:
    """Return each day's spend; a lead of Google's has become dearer towards the end."""
    dice = plan.random(f"{method} spend")
    leads = sum(1 for contact in contacts if contact.method == method and contact.is_lead)
    bustle = sum(plan.bustle(day) for day in plan.dates)
    spends = []
    for day in plan.dates:
        expected = leads * METHODS[method].cost_per_lead * 100 * plan.bustle(day) / bustle
        if method == "google_ads":
            expected *= 0.92 + 0.20 * (day - plan.start).days / plan.days
        for campaign in CAMPAIGNS[method]:
            # Facebook's training campaign rests in summer.
            if campaign.campaign_id == "7202" and day.month in (7, 8):
                continue
            for group in range(len(campaign.ad_groups)):
                part = expected * campaign.share / len(campaign.ad_groups)
                cents = round(part * max(0.2, dice.gauss(1, 0.22)))
                clicks = round(cents / campaign.cents_per_click * dice.uniform(0.85, 1.15))
                impressions = round(clicks / dice.uniform(0.012, 0.04)) + dice.randrange(40)
                spends.append(Spend(day, campaign, group, cents, impressions, clicks))
    return spends


def _write_google(plan: Plan, inbox: Path, spends: list[Spend]) -> None:
    dice = plan.random("google files")
    dated: list[tuple[date, Row]] = []
    for spend in spends:
        dated.append((spend.day, _google_row(spend, 0)))
        next_month = spend.day + timedelta(days=DAYS_CORRECTED)
        if next_month.month != spend.day.month and next_month <= plan.until:
            dated.append((next_month, _google_row(spend, max(1, spend.clicks // 50))))
    months = by_month(dated)
    for month, rows in months.items():
        # The sum that the platform writes below the table is no day.
        full = [*rows, ("Total", "", "", "", "", "", "", "", "")] if month == min(months) else rows
        if month == max(months):
            full = with_strays(dice, full, [("--", *full[0][1:])])
        write_csv(inbox / "ads" / f"google_{month}.csv.gz", GOOGLE_HEADER, full)


def _google_row(spend: Spend, late_clicks: int) -> Row:
    campaign = spend.campaign
    return (
        spend.day.isoformat(),
        "610-555-0199",
        campaign.campaign_id,
        campaign.name,
        f"{campaign.campaign_id}{spend.group + 1}",
        campaign.ad_groups[spend.group],
        money(spend.cents),
        spend.impressions,
        spend.clicks + late_clicks,
    )


def _write_facebook(plan: Plan, inbox: Path, spends: list[Spend], exchange: Exchange) -> None:
    dice = plan.random("facebook files")
    dated: list[tuple[date, Row]] = []
    for spend in spends:
        campaign = spend.campaign
        row = (
            spend.day.isoformat(),
            campaign.campaign_id,
            campaign.name,
            f"{campaign.campaign_id}{spend.group + 1}",
            campaign.ad_groups[spend.group],
            money(exchange.lei(spend.cents, spend.day)),
            spend.impressions,
            spend.clicks,
            f"{dice.uniform(1.1, 2.6):.2f}",
        )
        dated.append((spend.day, row))
    months = by_month(dated)
    for month, rows in months.items():
        full = list(rows)
        if month == max(months):
            negative = (*rows[0][:3], "72019", "credit", "-12.00", "0", "0", "")
            full = with_strays(dice, rows, [negative])
        write_csv(inbox / "ads" / f"facebook_{month}.csv.gz", FACEBOOK_HEADER, full)
