"""The models against the oracle on the demo company, smaller than it is shown."""

from marketing_warehouse.paths import Home
from tests.oracle.company import Company
from tests.oracle.comparison import as_text, differences, missing_kpis, models_scorecard
from tests.oracle.scorecard import scorecard


def test_the_demo_companys_scorecard_is_the_oracles_row_by_row(
    demo: tuple[Company, Home],
) -> None:
    company, home = demo
    found = models_scorecard(home)

    assert missing_kpis(found) == set()
    assert [as_text(one) for one in differences(scorecard(company), found)] == []
