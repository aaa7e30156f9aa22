"""A company whose people leave their e-mail here and their telephone there: chains of matches."""

from pathlib import Path

import duckdb

BUSINESS = """\
business: {name: Chains, currency: EUR, timezone: Europe/Bucharest, country: RO}
sources:
  - {name: crm, feed: leads, connector: csv, path: inbox/leads.csv}
  - {name: shop, feed: orders, connector: csv, path: inbox/orders.csv}
"""
LONGEST_CHAIN = 20

# The rows of a chain share, in turn, an e-mail and a telephone with the next one.
ROWS = f"""
    select
        row_number() over () as row,
        chain || 'e' || (link // 2) || '@example.com' as email,
        '+4072' || lpad(cast(chain * {LONGEST_CHAIN} + (link + 1) // 2 as varchar), 7, '0')
            as phone,
        timestamp '2025-01-01' + to_minutes(cast(chain % 500000 as bigint))
            + to_days(cast(link as integer)) as happened_at,
        link
    from (
        select chain, unnest(range(1 + chain % {LONGEST_CHAIN})) as link
        from range({{chains}}) as c(chain)
    )
"""
LEADS = """
    select row as lead_id, happened_at as created_at, 'web_form' as lead_event, 'web' as method,
        email, phone
    from rows where link % 2 = 0
"""
ORDERS = """
    select row as order_id, happened_at as ordered_at, 'completed' as status, 'EUR' as currency,
        10 as gross_amount, email, phone
    from rows where link % 2 = 1
"""


def make(folder: Path, rows: int) -> int:
    """Write the company's business.yml and inbox into a folder; return how many people it has."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    (folder / "business.yml").write_text(BUSINESS)
    chains = round(rows / ((1 + LONGEST_CHAIN) / 2))
    with duckdb.connect() as connection:
        connection.execute(f"create table rows as {ROWS.format(chains=chains)}")
        for name, query in (("leads", LEADS), ("orders", ORDERS)):
            connection.execute(f"copy ({query}) to '{inbox / name}.csv' (header)")
    return chains
