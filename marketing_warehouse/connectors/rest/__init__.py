"""REST: one engine for every API; a vendor is little more than a description (see README.md)."""

from marketing_warehouse.connectors.rest.connector import rest_connector
from marketing_warehouse.connectors.rest.options import Address, ApiOptions
from marketing_warehouse.connectors.rest.session import Wait
from marketing_warehouse.connectors.rest.slices import days, relist, since, whole
from marketing_warehouse.connectors.rest.streams import Api, Ask, Request, Stream

__all__ = [
    "Address",
    "Api",
    "ApiOptions",
    "Ask",
    "Request",
    "Stream",
    "Wait",
    "days",
    "relist",
    "rest_connector",
    "since",
    "whole",
]
