"""Expectations: what must be true of every mart before readers see it; one module per mart."""

import importlib
import pkgutil
from collections.abc import Iterator

from expectations.rule import Suite


def suites() -> Iterator[Suite]:
    """Yield the suite of every module of this package that has one, in the order of their names."""
    for module in pkgutil.iter_modules(__path__):
        rules = getattr(importlib.import_module(f"{__name__}.{module.name}"), "RULES", None)
        if rules is not None:
            # The mart of core_lead_activities is core.lead_activities.
            yield Suite(module.name, module.name.replace("_", ".", 1), rules)
