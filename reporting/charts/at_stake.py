"""At stake: the dearest weak places of a period, each a bar as long as its money."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from reporting import prices
from reporting.charts.picture import Picture, dressed
from reporting.language import say
from reporting.marts import Report
from reporting.palette import colours
from reporting.view import View
from reporting.weak_places import Place, goal_sentence, money_sentence, sentence

MOST_PLACES = 10
ROW_HEIGHT = 30


def at_stake(report: Report, view: View, places: Sequence[Place]) -> Picture:
    """Draw what the dearest weak places lose, as it is printed.

    Args:
        report: the publication.
        view: what is looked at.
        places: of one period, the dearest first; at most `MOST_PLACES` are drawn.
    """
    title = at_stake_title(report, view, places)
    lost = [place for place in places if place.is_lost][:MOST_PLACES]
    if not lost:
        missing = say("No value that is final misses its target, or what it usually is.")
        return Picture(title, None, missing=missing)
    frame = pd.DataFrame(
        {
            "place": f"{sentence(report, place)} {goal_sentence(report, place)}",
            "money": float(place.money_at_stake or 0),
            "stake": prices.stake(report, place),
            "formula": prices.formula(report, place),
        }
        for place in lost
    )
    worn = colours()
    names = {
        "place": say("Weak place"),
        "stake": say("At stake"),
        "formula": say("How it is reckoned"),
    }
    chart = alt.Chart(frame).encode(
        y=alt.Y(
            "place:N", sort=None, title=None, axis=alt.Axis(labelLimit=460, labelColor=worn.text)
        ),
        x=alt.X("money:Q", title=None, axis=None),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in names.items()],
    )
    bars = chart.mark_bar(color=worn.alarm, height={"band": 0.42})
    money = chart.mark_text(align="left", dx=5, fontSize=12).encode(text="stake:N")
    return Picture(
        title=title,
        chart=dressed(alt.layer(bars, money).properties(height=ROW_HEIGHT * len(lost) + 12)),
        rows=frame[list(names)].rename(columns=names),
    )


def at_stake_title(report: Report, view: View, places: Sequence[Place]) -> str:
    """Say where most is lost."""
    lost = [place for place in places if place.is_lost]
    if not lost:
        return say("Nothing is lost {when} that is known yet", when=view.within)
    told = (sentence, goal_sentence, money_sentence)
    return " ".join(part(report, lost[0]) for part in told)
