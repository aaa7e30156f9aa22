"""Connectors: one module per way to read a source, and this registry; nothing else knows vendors.

A new connector is a module that lists a source's pieces (see `pieces.py`), or that describes an
API (see `rest/README.md`), and one line here.
"""

from marketing_warehouse.connectors.any_rest import REST
from marketing_warehouse.connectors.csv import CSV
from marketing_warehouse.connectors.ecb import ECB
from marketing_warehouse.connectors.google_ads import GOOGLE_ADS
from marketing_warehouse.connectors.google_sheets import GOOGLE_SHEETS
from marketing_warehouse.connectors.http import HTTP
from marketing_warehouse.connectors.hubspot import HUBSPOT
from marketing_warehouse.connectors.parquet import PARQUET
from marketing_warehouse.connectors.pieces import (
    Batch,
    Connector,
    Mark,
    Piece,
    Reading,
    Replaces,
    Rows,
)
from marketing_warehouse.connectors.pipedrive import PIPEDRIVE
from marketing_warehouse.connectors.s3 import S3
from marketing_warehouse.connectors.salesforce import SALESFORCE
from marketing_warehouse.connectors.shopify import SHOPIFY
from marketing_warehouse.connectors.sql import SQL
from marketing_warehouse.connectors.stripe import STRIPE
from marketing_warehouse.connectors.woocommerce import WOOCOMMERCE

_CONNECTORS = (
    CSV,
    PARQUET,
    S3,
    SQL,
    GOOGLE_SHEETS,
    HTTP,
    REST,
    ECB,
    GOOGLE_ADS,
    HUBSPOT,
    PIPEDRIVE,
    SALESFORCE,
    SHOPIFY,
    STRIPE,
    WOOCOMMERCE,
)
CONNECTORS = {connector.name: connector for connector in _CONNECTORS}

__all__ = [
    "CONNECTORS",
    "Batch",
    "Connector",
    "Mark",
    "Piece",
    "Reading",
    "Replaces",
    "Rows",
]
