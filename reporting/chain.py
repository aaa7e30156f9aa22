"""Chain: the links from money spent to what is left over, and what is said of them."""

from collections.abc import Mapping

from reporting import formats
from reporting.language import say
from reporting.marts import Report, Value
from reporting.phrases import is_running, short_change
from reporting.view import View
from reporting.weak_places import Place

LINKS = {
    "acquisition": ("acquisition_cost", "leads", "lead_quality_rate"),
    "sales": ("filter_pass_rate", "new_customers"),
    "retention": ("repeat_purchase_rate", "contribution"),
}
# The link of the picture under which a weak KPI is felt.
FELT_AT = {
    "cost_per_lead": "acquisition_cost",
    "filter_pass_rate": "filter_pass_rate",
    "ignored_lead_rate": "new_customers",
    "qualified_to_customer_rate": "new_customers",
    "sales_cost_per_customer": "new_customers",
    "repeat_rate_90d": "repeat_purchase_rate",
    "retention_cost_per_customer": "repeat_purchase_rate",
    "profit_per_customer": "contribution",
}


def verdict(report: Report, view: View, values: Mapping[str, Value]) -> str:
    """Say in a sentence what is left when everything is paid, and how that changed."""
    value = values.get("contribution")
    if value is None or value.value is None:
        return say("There is no contribution {when} yet.", when=view.within)
    what = {
        "money": formats.tile(abs(value.value), "money", report.settings.currency),
        "when": view.within,
        "who": view.whose,
    }
    if view.whose:
        return _verdict_of_a_member(value, what)
    if is_running(report, value):
        if value.value < 0:
            return say("{money} lost {when} so far, when everything is paid.", **what)
        return say("{money} left over {when} so far, when everything is paid.", **what)
    line = short_change(report, view, value)
    what["change"] = line
    if value.value < 0:
        if line:
            return say("{money} lost {when}, when everything is paid ({change}).", **what)
        return say("{money} lost {when}, when everything is paid.", **what)
    if line:
        return say("{money} left over {when}, when everything is paid ({change}).", **what)
    return say("{money} left over {when}, when everything is paid.", **what)


def link_name(report: Report, kpi: str) -> str:
    """Name a link in one or two words; the dictionary's name opens with it."""
    words = {
        "acquisition_cost": say("spent"),
        "leads": say("leads"),
        "lead_quality_rate": say("good leads"),
        "filter_pass_rate": say("worth working on"),
        "new_customers": say("customers won"),
        "repeat_purchase_rate": say("came back"),
        "contribution": say("left over"),
    }
    return words.get(kpi) or say(report.definitions[kpi].label)


def weakest_sentence(report: Report, weakest: Place) -> str:
    """Say which link is weakest and what it cost in its period."""
    money = formats.tile(weakest.money_at_stake, "money", report.settings.currency)
    what = {"kpi": say(report.definitions[weakest.kpi].label).lower(), "money": money}
    sentences = {
        "week": say("Weakest link: {kpi}. It cost about {money} in that week.", **what),
        "month": say("Weakest link: {kpi}. It cost about {money} in that month.", **what),
        "quarter": say("Weakest link: {kpi}. It cost about {money} in that quarter.", **what),
        "year": say("Weakest link: {kpi}. It cost about {money} in that year.", **what),
    }
    return sentences[weakest.period_grain]


def _verdict_of_a_member(value: Value, what: dict[str, str]) -> str:
    if (value.value or 0.0) < 0:
        return say("{who}: {money} lost {when}, when everything is paid.", **what)
    return say("{who}: {money} left over {when}, when everything is paid.", **what)
