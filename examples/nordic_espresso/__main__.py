"""Make Nordic Espresso: `python -m examples.nordic_espresso DIR`."""

import argparse
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from examples.nordic_espresso import generate
from examples.nordic_espresso.company import ZONE, Plan

EXAMPLES = """examples:
  python -m examples.nordic_espresso demo
  python -m examples.nordic_espresso tiny --days 60 --customers 50 --until 2026-10-31
"""


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few: give 1 or more.")
    return number


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m examples.nordic_espresso",
        description="Make the files of a made-up company, with a business.yml that reads them.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dir", type=Path, metavar="DIR", help="the home to write into")
    parser.add_argument("--days", type=_at_least_one, default=730, help="how long (default: 730)")
    parser.add_argument(
        "--customers",
        type=_at_least_one,
        default=2500,
        help="about how many customers to win; eight times as many leads (default: 2500)",
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, another company")
    parser.add_argument(
        "--until",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the last day (default: yesterday in Bucharest)",
    )
    return parser.parse_args()


def main() -> None:
    """Read the command line and write the company."""
    arguments = _arguments()
    inbox = arguments.dir / "inbox"
    until = arguments.until or datetime.now(ZONE).date() - timedelta(days=1)
    plan = Plan(until, arguments.days, arguments.customers, arguments.seed)
    try:
        generate(plan, arguments.dir)
    except OSError as error:
        sys.exit(str(error))
    files = sum(1 for path in inbox.rglob("*") if path.is_file())
    print(f"Nordic Espresso, {plan.start} to {until}: {files} files in {inbox}.")


if __name__ == "__main__":
    main()
