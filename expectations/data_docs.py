"""Data Docs: the pages of Great Expectations, made to read well without calling anybody."""

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

# Their style, icons and logo come from six other hosts, each of which would learn of every reader
# of the audit; and a warehouse without a way out would show no icon, hence no verdict at all.
FOREIGN = re.compile(
    r"""<script[^>]*\bsrc="https?://[^>]*>\s*</script>
    |<link[^>]*\bhref="https?://[^>]*>
    |<img[^>]*\bsrc="https?://[^>]*>
    |url\(['"]?https?://[^)]*\)
    |<footer>.*?</footer>""",
    re.VERBOSE | re.DOTALL,
)
STYLE = """
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; }
  table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
  td, th { border-bottom: 1px solid #ccc; padding: 0.3rem 0.8rem; text-align: left; }
  .card { display: none; }
  .fa-check-circle::before { content: "\\2713"; color: #176b34; }
  .fa-times::before { content: "\\2717"; color: #a51d24; }
  .fa-exclamation-triangle::before { content: "!"; color: #8a5300; }
</style>
"""


def keep_to_themselves(folder: Path) -> None:
    """Take out of every page what it would load from elsewhere, and give it a style of its own."""
    for page in folder.rglob("*.html"):
        own = FOREIGN.sub("", page.read_text(encoding="utf-8"))
        page.write_text(own.replace("</head>", f"{STYLE}</head>", 1), encoding="utf-8")


def write_index(folder: Path, title: str, unmet: Mapping[str, Sequence[str]]) -> None:
    """Write the first page: each suite, what it found unmet, and the way to its own page.

    The index of Great Expectations is an empty frame until scripts from elsewhere fill it.
    """
    rows = "".join(
        f'<tr><td><a href="{html.escape(_page_of(folder, suite))}">{html.escape(suite)}</a></td>'
        f"<td>{html.escape(', '.join(names)) or 'all met'}</td></tr>"
        for suite, names in unmet.items()
    )
    heading = html.escape(title)
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{heading}</title>'
        f"{STYLE}</head><body><h1>{heading}</h1><table>"
        f"<tr><th>Suite</th><th>Expectations not met</th></tr>{rows}</table></body></html>",
        encoding="utf-8",
    )


def _page_of(folder: Path, suite: str) -> str:
    page = next((folder / "validations" / suite).rglob("*.html"))
    return page.relative_to(folder).as_posix()
