"""The ECB's files: N/A is no rate, the comma at the end no currency, old days come once."""

import io
import zipfile

from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi
from tests.marketing_warehouse.landing import land_shop, rows_of

ALL_DAYS = (
    "Date,USD,EEK,\n2026-01-30,1.1684,N/A,\n2026-01-29,1.1702,N/A,\n2010-12-31,1.3362,15.6466,\n"
)
NEXT_DAYS = (
    "Date, USD, EEK, \n2026-02-02, 1.1650, N/A, \n2026-01-30, 1.1684, N/A, \n"
    "2025-11-07, 1.2, N/A, \n"
)


class Ecb(VendorApi):
    """Two zips."""

    files = {"eurofxref-hist.zip": ALL_DAYS, "eurofxref-hist-90d.zip": NEXT_DAYS}  # noqa: RUF012

    def answer(self, asked: Asked) -> Answer:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("eurofxref.csv", self.files[asked.path.strip("/")])
        return Answer(packed.getvalue(), 200, {"Content-Type": "application/zip"})


def test_all_days_come_once_and_then_the_new_ones(home: Home) -> None:
    with Ecb() as api:
        home.business_yml.write_text(
            "business: {name: Shop, currency: EUR, timezone: Europe/Bucharest}\n"
            "sources: [{name: shop, feed: fx_rates, connector: ecb, "
            f"options: {{url: '{api.url}'}}}}]"
        )
        (first,) = land_shop(home)
        (second,) = land_shop(home)
        assert land_shop(home) == []
    shown = ("rate_date", "currency", "rate")
    assert [tuple(row[name] for name in shown) for row in rows_of(home, first)] == [
        ("2026-01-30", "USD", "1.1684"),
        ("2026-01-29", "USD", "1.1702"),
        ("2010-12-31", "USD", "1.3362"),
        ("2010-12-31", "EEK", "15.6466"),
    ]
    assert [tuple(row[name] for name in shown) for row in rows_of(home, second)] == [
        ("2026-02-02", "USD", "1.1650"),
        ("2026-01-30", "USD", "1.1684"),
    ]
