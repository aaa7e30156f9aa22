"""Style: how the page's own HTML looks, in the colours of the visitor's theme."""

from reporting.palette import colours

# Streamlit writes on its main button in white, too faint on the light blue of the dark theme.
PAGE = """
.block-container {padding: 4.1rem 1.6rem 3rem; max-width: 1320px;}
.block-container > div > [data-testid="stVerticalBlock"] {gap: .55rem;}
[data-testid="stMarkdownContainer"], .wh-tiles, .wh-chain, .wh-table, .wh-line {
  font-variant-numeric: tabular-nums;}
[data-testid="stCaptionContainer"] :is(p, li) {color: var(--wh-muted);}
[data-testid="stCaptionContainer"] {color: var(--wh-muted) !important; opacity: 1;}
.st-key-wh_bar {border-bottom: 1px solid var(--wh-rule); padding-bottom: .3rem;}
.wh-business {font-weight: 650; white-space: nowrap;}
.st-key-wh_bar button:not(.wh-asked) {min-height: 1.9rem; padding: .05rem .55rem;}
button[kind^="primary"], button[kind^="primary"] p {color: var(--wh-ground);}
.wh-question {color: var(--wh-muted); font-size: .86rem; margin: .1rem 0 -.5rem;}
.wh-answer {font-size: 1.32rem; font-weight: 600; line-height: 1.3; margin: 0; padding: 0;
  letter-spacing: -.005em;}
"""

# What opens on a label says all that is known of its number.
ASKED = """
.wh-asked {all: unset; cursor: pointer; color: inherit;
  text-decoration: underline dotted color-mix(in srgb, currentColor 45%, transparent) 1px;
  text-underline-offset: .2em;}
.wh-asked:hover {text-decoration-style: solid;}
.wh-asked:focus-visible, .wh-scroll:focus-visible {outline: 2px solid var(--wh-acquisition);
  outline-offset: 2px; border-radius: 2px;}
.wh-status {color: var(--wh-muted); font-size: .84rem; text-decoration: none; white-space: nowrap;}
.wh-facts {color: var(--wh-text); background: var(--wh-ground); border: 1px solid var(--wh-rule);
  border-radius: 6px; box-shadow: 0 6px 24px rgba(0, 0, 0, .18); padding: .8rem 1rem;
  width: max-content; max-width: min(26rem, 92vw); max-height: 70vh; overflow: auto;
  font-size: .86rem; line-height: 1.4; text-align: left; font-weight: 400; text-transform: none;
  letter-spacing: 0; white-space: normal;}
.wh-facts dl {display: grid; grid-template-columns: auto 1fr; gap: .3rem .9rem;
  margin: .5rem 0 0;}
.wh-facts dl > dt, .wh-facts dl > dd {font-size: inherit !important; margin: 0 !important;
  padding: 0;}
.wh-facts dl > dt {color: var(--wh-muted); font-weight: 400;}
@supports (position-area: bottom) {
  .wh-facts {inset: auto; margin: .3rem 0; position-area: bottom span-right;
    position-try-fallbacks: flip-inline, flip-block, flip-block flip-inline;}
}
"""

TILES = """
.wh-tiles {display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
  gap: 0 1.3rem; margin-top: .15rem;}
.wh-tile {border-top: 2px solid var(--wh-colour); padding-top: .35rem; min-width: 0;
  margin-bottom: .8rem; display: grid; grid-row: span 3; grid-template-rows: subgrid;}
.wh-tile .label {font-size: .84rem; color: var(--wh-muted); line-height: 1.3;}
.value {font-size: 1.72rem; font-weight: 600; line-height: 1.2; white-space: nowrap;}
.value.immature, td.moving span {font-weight: 400; color: var(--wh-muted);
  text-decoration: underline dashed 1.5px; text-underline-offset: .18em;}
.wh-tile .line {font-size: .8rem; color: var(--wh-muted); line-height: 1.35;}
.wh-tile .line.alarm {color: var(--wh-alarm); font-weight: 600;}
.interval {position: relative; height: 4px; margin: .3rem 0 .2rem 0; background: var(--wh-rule);}
.interval i {position: absolute; top: 0; bottom: 0; background: var(--wh-colour);}
"""

# The picture of the three processes, and what stands under it on the first page.
CHAIN = """
.wh-chain {display: grid; grid-template-columns: 3fr 2fr 2fr; gap: 0 1.6rem;}
.wh-chain section {min-width: 0; border-top: 3px solid var(--wh-colour); padding-top: .35rem;}
.wh-heading, .wh-chain section > h2 {font-size: 1rem; font-weight: 650; margin: 0;
  padding: .2rem 0 0; line-height: 1.35; letter-spacing: 0; text-wrap: pretty;}
[data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]:nth-child(3)) .wh-heading {
  min-height: 2.9em; display: flex; align-items: end;}
.wh-chain section > h2 {font-size: .76rem; letter-spacing: .09em; text-transform: uppercase;
  color: var(--wh-colour); padding: 0 0 .2rem;}
.wh-chain ol, .wh-places {list-style: none; margin: 0 !important; padding: 0 !important;}
.wh-chain ol {display: grid; gap: 0 .9rem;
  grid-template-columns: repeat(var(--wh-links), minmax(0, 1fr));}
.wh-chain li {margin: 0; padding: 0 0 .3rem; font-size: inherit; position: relative;
  border-bottom: 3px solid transparent;}
.wh-chain li.weakest {border-bottom-color: var(--wh-alarm);}
.wh-chain li .label {font-size: .84rem; color: var(--wh-muted); line-height: 1.3;}
.wh-chain li .value {font-size: 1.55rem;}
.wh-chain li .value::after {content: "\\203A"; position: absolute; right: -.15rem;
  color: var(--wh-comparison); font-weight: 300; text-decoration: none;}
.wh-chain section:last-child li:last-child .value::after {content: none;}
.line {font-size: .8rem; color: var(--wh-muted); line-height: 1.4; margin: 0;}
.wh-weakest {color: var(--wh-alarm); font-size: .88rem; font-weight: 600; padding-top: .15rem;
  text-align: right; padding-right: calc((7 - var(--wh-column)) * 100% / 7);}
.wh-cost {display: grid; grid-template-columns: max-content max-content 1fr; gap: .15rem 1rem;
  align-items: start; border-top: 1px solid var(--wh-rule); border-bottom: 1px solid var(--wh-rule);
  padding: .55rem 0 .5rem;}
.wh-cost .label {padding-top: .1rem; font-size: .92rem;}
.wh-cost .value {font-size: 1.15rem; text-align: right;}
.wh-cost .bar {display: flex; height: 12px; margin: .4rem 0 .1rem;}
.wh-cost .bar i {display: block;}
.wh-cost .brings {background: var(--wh-chain);}
.wh-cost .brings.immature {box-sizing: border-box; border: 1.5px dashed var(--wh-chain);
  background: color-mix(in srgb, var(--wh-chain) 22%, transparent);}
.wh-cost .key::before {content: ""; display: inline-block; width: .6em; height: .6em;
  background: var(--wh-colour); margin-right: .35em;}
.wh-cost .wide {grid-column: 1 / -1;}
.wh-places {counter-reset: place;}
.wh-places > li {display: grid; grid-template-columns: 1fr 6.5rem; gap: 0 1rem;
  margin: 0 !important; padding: .5rem 0 .5rem 1.5rem !important;
  border-bottom: 1px solid var(--wh-rule); position: relative;
  counter-increment: place; font-size: .92rem; line-height: 1.4;}
.wh-places li::before {content: counter(place); position: absolute; left: 0; top: .5rem;
  color: var(--wh-muted);}
.wh-places .goal {color: var(--wh-muted);}
.wh-places .money {text-align: right; color: var(--wh-alarm); white-space: nowrap;}
.wh-places .money i {display: block; height: 4px; margin: .2rem 0 0 auto;
  background: var(--wh-alarm);}
"""

TABLES = """
.wh-scroll {overflow: auto; max-height: 460px;}
.wh-table {border-collapse: separate; border-spacing: 0; font-size: .86rem; width: 100%;
  margin: 0;}
.wh-table th, .wh-table td {border: 0; border-bottom: 1px solid var(--wh-rule);
  padding: .3rem .6rem; text-align: right; color: var(--wh-text); white-space: nowrap;}
.wh-table thead th {position: sticky; top: 0; z-index: 2; background: var(--wh-ground);
  font-weight: 400; color: var(--wh-muted); white-space: normal; vertical-align: bottom;
  min-width: 6rem; border-bottom: 2px solid var(--wh-colour, var(--wh-rule)); line-height: 1.25;}
.wh-table th:first-child {text-align: left; position: sticky; left: 0; z-index: 1;
  background: var(--wh-ground); font-weight: 500; min-width: 8.5rem;}
.wh-table thead th:first-child {z-index: 3;}
.wh-table td {position: relative;}
.wh-table td i {position: absolute; right: .6rem; bottom: 1px; height: 3px; opacity: .65;
  max-width: calc(100% - 1.2rem);}
.wh-table tbody tr:hover > * {background: var(--wh-raised);}
"""

# Weak places with how their money is reckoned, and sliders that move one KPI each.
LISTS = """
.wh-part {font-size: 1.08rem; font-weight: 600; margin: 1.1rem 0 0; padding: .7rem 0 0;
  border-top: 1px solid var(--wh-rule);}
.wh-ranked {list-style: none !important; margin: 0 !important; padding: 0 !important;}
.wh-ranked > li {display: grid; grid-template-columns: 1.6rem 1fr minmax(7rem, 14rem); gap: 0 .8rem;
  padding: .45rem 0; margin: 0 !important; border-bottom: 1px solid var(--wh-rule);
  align-items: baseline;}
.wh-ranked .rank {color: var(--wh-colour); font-weight: 650; text-align: right;}
.wh-ranked .money {text-align: right;}
.wh-ranked .money b {font-weight: 600; white-space: nowrap;}
.wh-ranked .money.lost b {color: var(--wh-alarm);}
.wh-ranked .money i {display: block; height: 4px; margin: .25rem 0 0 auto;
  background: var(--wh-alarm);}
.how {font-size: .82rem; color: var(--wh-muted); line-height: 1.35;}
.wh-lever {border-left: 3px solid var(--wh-colour, transparent); padding-left: .6rem;
  line-height: 1.35;}
"""

PHONE = """
@media (max-width: 720px) {
  .wh-ranked > li {grid-template-columns: 1.4rem 1fr;}
  .wh-ranked .money {grid-column: 2; text-align: left;}
  .wh-ranked .money i {margin-left: 0;}
  .block-container {padding: 4rem .9rem 2rem;}
  .wh-tiles {grid-template-columns: 1fr;}
  .wh-chain {grid-template-columns: 1fr; gap: .9rem;}
  .wh-chain ol {grid-template-columns: 1fr;}
  .wh-chain li {display: grid; grid-template-columns: 1fr auto; gap: 0 1rem;}
  .wh-chain li .value {text-align: right; grid-row: span 2;}
  .wh-chain li .value::after {content: none;}
  .wh-chain li .line {grid-column: 1;}
  .wh-weakest {text-align: left; padding-right: 0;}
  .wh-cost {grid-template-columns: 1fr auto;}
  .wh-cost > div:not(.label):not(.value) {grid-column: 1 / -1;}
  .wh-answer {font-size: 1.15rem;}
  .st-key-wh_wide {overflow-x: auto;}
  .st-key-wh_wide > div {min-width: 680px;}
}
"""


def sheet() -> str:
    """Return the style sheet of the theme that is worn."""
    worn = colours()
    names = ("ground", "raised", "text", "muted", "rule", "comparison", "alarm")
    names += ("acquisition", "sales", "retention", "chain")
    variables = "".join(f"--wh-{name}: {getattr(worn, name)};" for name in names)
    rules = "".join((PAGE, ASKED, TILES, CHAIN, TABLES, LISTS, PHONE))
    return f"<style>:root {{{variables}}}{rules}</style>"
