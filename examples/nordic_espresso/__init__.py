"""Nordic Espresso: a made-up company with all eight feeds, and a weak place to be found.

Nordic Espresso sells espresso machines, coffee and barista training in Romania, in euro and in
lei, from offices in Bucharest, Cluj and Iași. Facebook brings leads at a seventh of what a lead
from the fair costs, and the owners wonder aloud why they still pay for a stand. The numbers say
otherwise: behind the fair's badges are cafés and hotels that buy a machine and then coffee every
month, so that of all methods the fair has the best profit for the whole cost of a customer, while
Facebook's cheap leads are mostly cut by the filter or buy once. The money is lost elsewhere. The
stands are run from Cluj, and Cluj calls the fair's leads only after its weekly meeting: good leads
wait 40 hours and more, and more than a third of them are never called, Radu's most of all, who
also picks among the other good leads as he likes. So Cluj gets the best leads of the three offices
and wins the fewest customers from them. Meanwhile Ioana in Bucharest visits leads that the filter
has cut. Nothing has to be bought to mend either.
"""

import shutil
from pathlib import Path

from examples.nordic_espresso.ads import CAMPAIGN_IDS, write_ads
from examples.nordic_espresso.buying import buy
from examples.nordic_espresso.club import give_cards, write_club
from examples.nordic_espresso.company import Plan
from examples.nordic_espresso.costs import write_ledger
from examples.nordic_espresso.crm import write_activities, write_contacts
from examples.nordic_espresso.leads import make_contacts
from examples.nordic_espresso.rates import Exchange, lei_for_a_euro, write_rates
from examples.nordic_espresso.selling import sell
from examples.nordic_espresso.shop import write_shop
from examples.nordic_espresso.targets import write_targets
from examples.nordic_espresso.till import write_till

BUSINESS_YML = Path(__file__).parent / "business.yml"

__all__ = ["Plan", "generate"]


def generate(plan: Plan, home: Path) -> None:
    """Write the company's business.yml and the files of its inbox into a folder.

    The same plan always writes the same bytes. The inbox appears as a whole or not at all.

    Raises:
        FileExistsError: the folder has an inbox with files already.
    """
    inbox = home / "inbox"
    # Files of an earlier plan would stay beside the new ones: two companies in one home.
    if inbox.exists() and any(inbox.iterdir()):
        raise FileExistsError(
            f"{inbox} already holds files: name another folder, or remove this one first."
        )
    unfinished = home / "inbox.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    _write_files(plan, unfinished)
    unfinished.rename(inbox)
    (home / "business.yml").write_bytes(BUSINESS_YML.read_bytes())


def _write_files(plan: Plan, inbox: Path) -> None:
    rates = lei_for_a_euro(plan)
    exchange = Exchange(rates)
    contacts = make_contacts(plan, CAMPAIGN_IDS)
    activities, wins = sell(plan, contacts)
    purchases = buy(plan, wins)
    give_cards(plan, purchases)

    write_rates(plan, inbox, rates)
    write_ads(plan, inbox, contacts, exchange)
    # The shop numbers its clients; the CRM's later versions repeat these numbers.
    write_shop(plan, inbox, purchases, exchange)
    write_contacts(plan, inbox, contacts, wins)
    write_activities(plan, inbox, activities)
    write_till(plan, inbox, purchases, exchange)
    write_club(plan, inbox, purchases)
    write_ledger(plan, inbox, contacts)
    write_targets(plan, inbox)
