"""The report: its pages on the published marts, and the audits' Data Docs beside them."""

import streamlit as st
from components import access, choice, data_docs, door

from reporting import language
from reporting.language import say


def pages() -> tuple[tuple[str, str, str], ...]:
    """Return each page's file, name and icon, in the order of the navigation."""
    return (
        ("overview", say("Today"), ":material/today:"),
        ("acquisition", say("Attract"), ":material/campaign:"),
        ("sales", say("Sell"), ":material/handshake:"),
        ("retention", say("Keep"), ":material/favorite:"),
        ("customer", say("What a customer costs"), ":material/payments:"),
        ("weak_places", say("Weak places"), ":material/troubleshoot:"),
        ("targets", say("Targets"), ":material/flag:"),
        ("data_health", say("Data health"), ":material/fact_check:"),
        *([("sql", say("SQL"), ":material/database:")] if access.may_query() else []),
    )


def main() -> None:
    """Show the page that the visitor is on, in the visitor's language."""
    language.use(choice.current().language or language.preferred(st.context.locale))
    st.set_page_config(page_title="Marketing warehouse", page_icon="📊", layout="wide")
    door.admit()
    shown = [
        st.Page(
            f"app_pages/{name}.py",
            title=title,
            icon=icon,
            url_path=name,
            default=name == "overview",
        )
        for name, title, icon in pages()
    ]
    st.navigation(shown, position="top").run()


# Streamlit runs this file for every visit, and its server imports it once to learn what else
# it should serve.
if __name__ == "__main__":
    main()
else:
    app = st.App(__file__, routes=[data_docs.route()])
