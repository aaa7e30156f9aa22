"""The report: five pages on the published marts, and the audits' Data Docs beside them."""

import streamlit as st
from components import data_docs

PAGES = (
    ("overview", "Today", ":material/today:"),
    ("acquisition", "Attract (acquisition)", ":material/campaign:"),
    ("sales", "Sell (sales)", ":material/handshake:"),
    ("retention", "Keep (retention)", ":material/favorite:"),
    ("data_health", "Data health", ":material/fact_check:"),
)


def main() -> None:
    """Show the page that the visitor is on."""
    st.set_page_config(page_title="Marketing warehouse", page_icon="📊", layout="wide")
    pages = [
        st.Page(
            f"app_pages/{name}.py",
            title=title,
            icon=icon,
            url_path=name,
            default=name == "overview",
        )
        for name, title, icon in PAGES
    ]
    st.navigation(pages, position="top").run()


# Streamlit runs this file for every visit, and its server imports it once to learn what else
# it should serve.
if __name__ == "__main__":
    main()
else:
    app = st.App(__file__, routes=[data_docs.route()])
