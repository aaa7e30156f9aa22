"""Show: a picture of `reporting.charts` on the page, with everything that goes with it."""

from html import escape

import streamlit as st

from reporting import formats
from reporting.charts.picture import Picture
from reporting.language import say


def picture(shown: Picture) -> None:
    """Show a chart under its answer in words, with a text alternative and the table behind it."""
    st.html(f'<h2 class="wh-heading">{escape(shown.title)}</h2>')
    if shown.chart is None:
        st.info(plain(shown.missing))
        return
    if shown.note:
        st.caption(plain(shown.note))
    with st.container(key="wh_wide" if shown.is_wide else None):
        # The picture brings its own theme, the same as in print.
        st.vega_lite_chart(
            spec=shown.specification, width="stretch", theme=None, alt=shown.text_alternative
        )
    if len(shown.rows):
        with st.popover(say("The numbers behind"), icon=":material/table:", type="tertiary"):
            st.dataframe(
                shown.rows,
                hide_index=True,
                placeholder=formats.NO_VALUE,
                alt=say("The numbers behind: {title}", title=shown.title),
            )


def answer(sentence: str) -> None:
    """Show what a page has to say, in one sentence, as its heading."""
    st.html(f'<h1 class="wh-answer">{escape(sentence)}</h1>')


def part(title: str) -> None:
    """Show the heading of a part of a page."""
    st.html(f'<h2 class="wh-part">{escape(title)}</h2>')


def plain(text: str) -> str:
    """Keep Markdown from reading signs of the data as its own."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]<>()#+-.!|$~:" else sign for sign in text)
