"""An ad export with three date formats, misspelt names and blanks in cost and clicks."""

from pathlib import Path

from marketing_warehouse.paths import Home
from tests.real.conftest import Build, rows

BUSINESS_YML = """\
business: {{name: Courses, currency: INR, timezone: Asia/Kolkata, country: IN}}
max_bad_rows: {{share: 1, at_least: 3000}}
sources:
  - name: ads
    feed: ad_spend
    connector: csv
    path: {data}/google_ads_dirty/GoogleAds_DataAnalytics_Sales_Uncleaned.csv
    options: {{date_format: {formats}}}
    columns:
      spend_date: Ad_Date
      campaign_name: Campaign_Name
      ad_group_id: Ad_ID
      spend: Cost
      impressions: Impressions
      clicks: Clicks
    defaults: {{method: google_ads, currency: INR}}
"""
ALL_FORMATS = '["%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d"]'


def test_every_row_is_current_superseded_or_quarantined_with_a_reason(
    home: Home, test_data: Path, build_through: Build
) -> None:
    home.business_yml.write_text(BUSINESS_YML.format(data=test_data, formats=ALL_FORMATS))

    result = build_through(home, "2025-12-31")

    assert result.refused == {}
    ((read, current, superseded, after, quarantined),) = rows(
        home, "select read, current, superseded, after_as_of, quarantined from ops.rows"
    )
    assert read == 2600
    assert read == current + superseded + after + quarantined
    assert rows(home, "select count(*) from core.ad_spend") == [(current,)]
    assert rows(home, "select count(*), count(_reason) from quarantine.ad_spend") == [
        (quarantined, quarantined)
    ]


def test_a_reason_says_which_cell_does_not_fit(
    home: Home, test_data: Path, build_through: Build
) -> None:
    home.business_yml.write_text(BUSINESS_YML.format(data=test_data, formats='["%d-%m-%Y"]'))

    build_through(home, "2025-12-31")

    reasons = {reason for (reason,) in rows(home, "select _reason from quarantine.ad_spend")}
    assert 'spend_date "11/16/2024" is not a date' in reasons
    assert any("spend is missing" in reason for reason in reasons)
