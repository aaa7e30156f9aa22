"""The vocabulary of mappings: paths, exact amounts, times, and the method behind a click."""

from decimal import Decimal
from typing import Any

import pytest

from marketing_warehouse.connectors.rest.attribution import MethodRule, known_method
from marketing_warehouse.connectors.rest.session import exact_json
from marketing_warehouse.connectors.rest.values import (
    at,
    epoch,
    first,
    less,
    micros,
    minor,
    plus,
    spelt,
    total,
    utc,
)

RECORD = {
    "a": {"b": "deep"},
    "meta": [{"key": "_utm", "value": "x"}, {"key": "_ip", "value": "y"}],
    "lines": [{"sku": "k1", "net": "0.10"}, {"sku": "k2", "net": "0.20"}],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", "deep"),
        ("a.c", None),
        ("x.y.z", None),
        ("lines[1].sku", "k2"),
        ("lines[7].sku", None),
        ("meta[key=_ip].value", "y"),
        ("meta[key=_no].value", None),
    ],
)
def test_a_path_leads_somewhere_or_to_nothing(path: str, found: Any) -> None:
    assert at(path)(RECORD) == found


@pytest.mark.parametrize(
    ("value", "record", "text"),
    [
        (micros("x"), {"x": "1234567"}, "1.234567"),
        (micros("x"), {"x": 10**18 + 1}, "1000000000000.000001"),
        (minor("x", "c"), {"x": 1999, "c": "eur"}, "19.99"),
        (minor("x", "c"), {"x": 1999, "c": "JPY"}, "1999"),
        (minor("x", "c"), {"x": 1999, "c": "KWD"}, "1.999"),
        (minor("x", "c"), {"c": "EUR"}, None),
        (less("x", "y", "z"), {"x": "0.3", "y": "0.1"}, "0.2"),
        (plus("x", "y"), {"x": "0.1", "y": "0.2"}, "0.3"),
        (total("lines", "net"), RECORD, "0.30"),
        (first("x", "y"), {"x": "", "y": "b"}, "b"),
        (utc("x"), {"x": "2026-03-29T03:30:00"}, "2026-03-29T03:30:00Z"),
        (utc("x"), {"x": "2026-03-29T03:30:00+03:00"}, "2026-03-29T03:30:00+03:00"),
        (utc("x"), {"x": "2026-03-29"}, "2026-03-29"),
        (epoch("x"), {"x": 1774747800}, "2026-03-29T01:30:00+00:00"),
        (epoch("x", 1000), {"x": "1774747800250"}, "2026-03-29T01:30:00.250000+00:00"),
    ],
)
def test_amounts_and_times_are_exact(value: Any, record: Any, text: str | None) -> None:
    assert spelt(value(record)) == text


def test_a_number_of_json_is_never_a_float() -> None:
    said = exact_json(b'{"a": 0.1, "b": 12345678901234567890, "c": 1e2, "d": 1.10}')
    assert [spelt(value) for value in said.values()] == [
        "0.1",
        "12345678901234567890",
        "100",
        "1.10",
    ]
    assert isinstance(said["a"], Decimal)


@pytest.mark.parametrize(
    ("parameters", "method"),
    [
        ({"gclid": "abc", "utm_source": "newsletter"}, "google_ads"),
        ({"utm_source": "google", "utm_medium": "cpc"}, "google_ads"),
        ({"utm_source": "google", "utm_medium": "organic"}, "organic_search"),
        ({"utm_source": "facebook", "utm_medium": "paid_social"}, "meta_ads"),
        ({"utm_source": "facebook", "fbclid": "x"}, "facebook"),
        ({"utm_medium": "email"}, "email"),
        ({"utm_source": "partner", "utm_medium": "banner"}, "partner"),
        ({}, None),
    ],
)
def test_parameters_of_a_click_name_the_method(
    parameters: dict[str, str], method: str | None
) -> None:
    assert known_method(parameters) == method


def test_a_rule_fits_when_all_its_parameters_do() -> None:
    rule = MethodRule(method="fair", when={"utm_source": ("expo", "messe"), "utm_campaign": ("*",)})
    assert rule.fits({"utm_source": "messe", "utm_campaign": "2026"})
    assert not rule.fits({"utm_source": "messe"})
    assert not rule.fits({"utm_source": "other", "utm_campaign": "2026"})
