"""Targets: what was agreed against what came, and a file of targets to edit and deliver."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from components import choice, downloads, frame, process_page
from components.kept import kept
from components.show import answer, part, picture, plain

from reporting import formats, targets
from reporting.charts.aims import aim_name, aims, aims_title
from reporting.charts.trend import trend
from reporting.language import say
from reporting.marts import DIMENSIONS, Report, Value
from reporting.targets import Target
from reporting.view import View, member_name
from reporting.workbook import Sheet


def main() -> None:
    """Show the page."""
    report = frame.open_page(say("Targets"), say("Is what was agreed being reached?"))
    view = choice.ask(report, DIMENSIONS)
    if view.start is None:
        process_page.nothing_here(report, view)
        return
    aimed = targets.aimed(report, view.grain, view.start, view.dimension, view.member)
    answer(aims_title(view, aimed))
    drawn = aims(report, view, aimed)
    picture(drawn)
    if aimed:
        asked = (view.grain, view.start, view.dimension, view.member)
        sheet = Sheet(
            say("Targets and actuals"), report.table(targets.AIMED, *asked), row_unit="unit"
        )
        downloads.menu(report, f"targets_by_{view.grain}_{view.start}", sheet, drawn)
        show_course(report, view, aimed)
    show_file(report, view)


def show_course(report: Report, view: View, aimed: Sequence[Value]) -> None:
    """Show how the value of one target went on."""
    by_name = {f"{value.kpi} {value.dimension} {value.member}": value for value in aimed}
    wanted = choice.current().kpi
    key = "widget_aim"
    default = next((name for name in by_name if name.startswith(f"{wanted} ")), next(iter(by_name)))
    if st.session_state.get(key) not in by_name:
        st.session_state[key] = default
    st.selectbox(
        say("Over time"),
        list(by_name),
        key=key,
        format_func=lambda name: aim_name(report, by_name[name]),
        on_change=lambda: choice.change(kpi=by_name[st.session_state[key]].kpi),
        width=420,
    )
    aim = by_name[st.session_state[key]]
    values = report.scorecard(view.grain, aim.dimension, [aim.kpi], view.since, view.until)
    own = [value for value in values if value.member == aim.member]
    picture(kept(trend, report, view, report.definitions[aim.kpi], own))


def show_file(report: Report, view: View) -> None:
    """Offer a file of targets that a source of the feed `kpi_targets` reads as it is."""
    proposed = targets.proposed(report, view.grain, view.dimension, view.member)
    in_force = sum(not target.is_suggestion for target in proposed)
    start, _ = targets.next_period(report, view.grain)
    part(say("A file of targets to edit and deliver"))
    what = {
        "in_force": in_force,
        "suggested": len(proposed) - in_force,
        "period": formats.period(view.grain, start),
        "day": formats.day(report.settings.as_of),
    }
    st.markdown(
        plain(
            say(
                "It holds the {in_force} targets that are in force after {day} and {suggested} "
                "suggestions for {period}: the target that is in force, or else the latest value "
                "that is final. Change what you want in any spreadsheet, delete the lines that "
                "are no plan of yours, and put the file where your source of targets reads.",
                **what,
            )
        )
    )
    st.caption(plain(_delivered(report)))
    unfit = [target for target in proposed if not targets.fits_a_spreadsheet(target)]
    if unfit:
        st.caption(plain(_left_out(unfit)))
    st.download_button(
        say("Download the file of targets (CSV)"),
        data=lambda: targets.file_text(proposed).encode("utf-8-sig"),
        file_name="targets.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="download_targets_file",
    )
    with st.expander(say("What is in the file")):
        show_proposed(report, proposed)


def show_proposed(report: Report, proposed: Sequence[Target]) -> None:
    """Show the lines of the file as people read them."""
    currency = report.settings.currency
    table = pd.DataFrame(
        {
            say("KPI"): say(report.definitions[target.kpi].label),
            say("Who"): member_name(target.member, target.dimension),
            say("From"): formats.day(target.period_start),
            say("To"): formats.day(target.period_end),
            say("Target"): formats.exact(
                target.target, report.definitions[target.kpi].unit, currency
            ),
            say("It is"): say("a suggestion") if target.is_suggestion else say("in force"),
        }
        for target in proposed
        if target.kpi in report.definitions
    )
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt=say("The lines of the file of targets"),
    )
    st.code(
        "sources:\n  - name: targets\n    feed: kpi_targets\n    connector: csv\n"
        "    path: inbox/targets.csv",
        language="yaml",
    )
    st.caption(say("So business.yml reads the file; its columns need no other names."))


def _delivered(report: Report) -> str:
    """Say from where targets come now, and what the file does not know."""
    rows = report.rows("select source from ops.sources where feed = 'kpi_targets' order by source")
    day = formats.day(report.settings.as_of)
    later = say(
        "Targets that begin after {day} are not published yet, so they are not in it.", day=day
    )
    if not rows:
        return later
    names = " · ".join(row["source"] for row in rows)
    now = say(
        "Your targets come from {source} now: let that source read this file instead, "
        "since two sources must not deliver the same target.",
        source=names,
    )
    return f"{now} {later}"


def _left_out(unfit: Sequence[Target]) -> str:
    members = " · ".join(sorted({target.member for target in unfit}))
    return say(
        "Left out, because a spreadsheet would take the name for a formula: {members}.",
        members=members,
    )


main()
