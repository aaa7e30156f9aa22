"""The command line `warehouse`."""

from marketing_warehouse.cli.main import main

__all__ = ["main"]
