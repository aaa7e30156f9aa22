"""Say what a home has published, how its last load went, and how fresh its sources are."""

from marketing_warehouse.cli.answers import aligned
from marketing_warehouse.errors import NothingPublishedError
from marketing_warehouse.paths import Home
from marketing_warehouse.read import Attempt, Marts, Outcome, last_attempt

SOURCES = """
    select source, feed, fresh_until, rows_current, rows_quarantined, refused_reason
    from ops.sources
    order by source
"""


def print_status(home: Home) -> None:
    """Print the state of a home; it is no error that nothing is published yet."""
    try:
        with Marts.of(home) as marts:
            settings = marts.query("select * from ops.settings").to_pylist()[0]
            sources = [list(row.values()) for row in marts.query(SOURCES).to_pylist()]
    except NothingPublishedError as error:
        print(f"Published     nothing: {error}")
        sources = []
    else:
        print(f"Business      {settings['business_name']}")
        built_at = f"{settings['built_at']:%Y-%m-%d %H:%M} UTC"
        print(f"Published     build {settings['build_id']}, data as of {settings['as_of']}")
        print(f"              built {built_at}, in {home.marts.resolve()}")
    for line in _attempt_lines(last_attempt(home)):
        print(line)
    if sources:
        header = ["source", "feed", "fresh until", "rows", "bad rows", "left out because"]
        print("\n" + aligned(header, sources), end="")


def _attempt_lines(attempt: Attempt | None) -> list[str]:
    if attempt is None:
        return ["Last load     none yet"]
    said = {
        Outcome.PUBLISHED: "published and complete",
        Outcome.INCOMPLETE: "published, but a source was left out",
        Outcome.FAILED: "not published",
        Outcome.RUNNING: f"at work, in the step {attempt.step}",
        Outcome.STOPPED: f"broke off in the step {attempt.step}",
    }[attempt.outcome]
    began = f"{attempt.started_at:%Y-%m-%d %H:%M} UTC"
    lines = [f"Last load     {attempt.load_id} ({began}, through {attempt.through}): {said}"]
    for failure in attempt.failures:
        where = f"{failure.step} {failure.source}" if failure.source else failure.step
        lines.append(f"  {where}: {' '.join(failure.message.split())}")
    return lines
