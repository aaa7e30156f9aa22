"""Attribution: which method brought a lead, from its UTM parameters and click ids.

The rules of business.yml come first, in their order; then what is known of ad platforms. The names
are those that the platforms' own connectors give to their spend, so that cost meets leads.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from marketing_warehouse.connectors.rest.values import Read, Record, Value, reader, spelt
from marketing_warehouse.sections import Section, Text, Texts

if TYPE_CHECKING:
    from marketing_warehouse.connectors.rest.client import Client

# A click id is given by the platform itself to a paid click; Facebook's stands on every link.
CLICK_IDS = {
    "gclid": "google_ads",
    "gbraid": "google_ads",
    "wbraid": "google_ads",
    "msclkid": "microsoft_ads",
    "ttclid": "tiktok_ads",
    "li_fat_id": "linkedin_ads",
}
PLATFORMS = {
    "google": "google_ads",
    "adwords": "google_ads",
    "youtube": "google_ads",
    "facebook": "meta_ads",
    "fb": "meta_ads",
    "instagram": "meta_ads",
    "ig": "meta_ads",
    "meta": "meta_ads",
    "bing": "microsoft_ads",
    "microsoft": "microsoft_ads",
    "tiktok": "tiktok_ads",
    "linkedin": "linkedin_ads",
}
PAID = ("cpc", "ppc", "cpm", "cpv", "paid", "display", "retargeting", "remarketing")
UNPAID = {
    "email": "email",
    "e-mail": "email",
    "newsletter": "email",
    "organic": "organic_search",
    "referral": "referral",
    "affiliate": "affiliate",
    "social": "social",
    "sms": "sms",
}


class MethodRule(Section):
    """One rule of business.yml: the method of all records whose parameters are such.

    Attributes:
        method: what the method is called.
        when: for each parameter, such as utm_source, one text or several; `*` is any.
    """

    method: Text
    when: dict[Text, Texts]

    def fits(self, parameters: Mapping[str, str]) -> bool:
        """Say whether a record's parameters are such, in any case of letters."""
        return all(_is_one_of(parameters.get(name, ""), texts) for name, texts in self.when.items())


def _is_one_of(found: str, texts: Sequence[str]) -> bool:
    return bool(found) and any(text in ("*", found) for text in map(str.lower, texts))


def method(client: "Client", address: Value | None = None, **parameters: Value) -> Read:
    """Read the method that brought a record; nothing where its parameters say nothing.

    Args:
        client: the source, whose options may have rules.
        address: the page's address, whose query holds parameters too.
        parameters: where parameters stand in the record: utm_source, utm_medium, gclid, ...
    """
    rules = client.options.methods
    reads = {name: reader(value) for name, value in parameters.items()}
    read_address = reader(address) if address else None

    def read(record: Record) -> str | None:
        page = spelt(read_address(record)) if read_address else ""
        said = {name.lower(): text.lower() for name, text in parse_qsl(urlsplit(page or "").query)}
        found = ((name, spelt(each(record))) for name, each in reads.items())
        said |= {name: text.strip().lower() for name, text in found if text and text.strip()}
        return next((rule.method for rule in rules if rule.fits(said)), None) or known_method(said)

    return read


def known_method(parameters: Mapping[str, str]) -> str | None:
    """Return the method that parameters mean without rules; their texts are in small letters."""
    by_click = next((name for key, name in CLICK_IDS.items() if parameters.get(key)), None)
    if by_click:
        return by_click
    source, medium = parameters.get("utm_source", ""), parameters.get("utm_medium", "")
    is_paid = any(word in PAID for word in medium.replace("_", " ").replace("-", " ").split())
    if is_paid or medium.startswith("paid"):
        platform = next((name for key, name in PLATFORMS.items() if source.startswith(key)), None)
        return platform or source or medium
    return UNPAID.get(medium) or source or medium or None
