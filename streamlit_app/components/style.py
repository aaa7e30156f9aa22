"""Style: how the page's own HTML looks, in the colours of the visitor's theme."""

from reporting.palette import colours

RULES = """
.block-container {padding-top: 3.6rem; padding-bottom: 3rem; max-width: 1320px;}
.wh-line {display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; align-items: baseline;
  justify-content: space-between; border-bottom: 1px solid rgba(128,128,128,.28);
  padding-bottom: .35rem; font-variant-numeric: tabular-nums;}
.wh-line b {font-weight: 650; font-size: 1.05rem;}
.wh-line span {opacity: .72; font-size: .86rem;}
.wh-tiles {display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr));
  gap: 0 1.3rem; font-variant-numeric: tabular-nums; margin-top: .15rem;}
.wh-tile {border-top: 3px solid var(--wh-colour); padding-top: .35rem; min-width: 0;
  margin-bottom: .9rem; display: grid; grid-row: span 3; grid-template-rows: subgrid;}
.wh-tile .label {font-size: .84rem; opacity: .8;}
.wh-tile .value {font-size: 1.72rem; font-weight: 600; line-height: 1.2;}
.wh-tile .value.immature {font-weight: 400; opacity: .72;
  text-decoration: underline dashed 1.5px; text-underline-offset: .16em; padding-bottom: .2rem;}
.wh-tile .line {font-size: .8rem; opacity: .78; line-height: 1.35;}
.wh-tile .interval {position: relative; height: 4px; margin: .3rem 0 .2rem 0;
  background: rgba(128,128,128,.22);}
.wh-tile .interval i {position: absolute; top: 0; bottom: 0; background: var(--wh-colour);}
.wh-chain {display: grid; grid-template-columns: 3fr 2fr 2fr 1fr; gap: 0 1.4rem;}
.wh-chain section > h4 {font-size: .8rem; letter-spacing: .08em; text-transform: uppercase;
  margin: 0 0 .3rem 0; padding: 0; color: var(--wh-colour); font-weight: 650;}
.wh-chain .wh-tiles {grid-template-columns: repeat(auto-fit, minmax(96px, 1fr));}
.wh-chain .wh-tile .value {font-size: 1.42rem;}
.wh-chain .wh-tile:not(:last-child) .value::after {content: " \\203A"; opacity: .35;
  font-weight: 400;}
.wh-cost {font-variant-numeric: tabular-nums; margin: .2rem 0;}
.wh-cost .bar {display: flex; height: 12px; max-width: 560px; margin: .4rem 0;}
.wh-cost .bar i {display: block;}
.wh-title {font-weight: 650; min-height: 3.1em; display: flex; align-items: end;}
@media (max-width: 720px) {
  .wh-chain {grid-template-columns: 1fr; gap: 1rem;}
  .wh-tiles {grid-template-columns: 1fr 1fr;}
}
"""


def sheet() -> str:
    """Return the style sheet of the theme that is worn."""
    worn = colours()
    names = ("ground", "raised", "text", "muted", "rule", "comparison", "alarm")
    names += ("acquisition", "sales", "retention", "chain")
    variables = "".join(f"--wh-{name}: {getattr(worn, name)};" for name in names)
    return f"<style>:root {{{variables}}}{RULES}</style>"
