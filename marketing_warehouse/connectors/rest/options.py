"""Options that every source behind an API knows."""

from datetime import date
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from marketing_warehouse.connectors.options import SourceOptions
from marketing_warehouse.connectors.rest.attribution import MethodRule
from marketing_warehouse.sections import not_allowed

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _address(url: str) -> str:
    """Accept an address whose traffic nobody can read on its way."""
    parts = urlsplit(url)
    is_private = parts.scheme == "https" or parts.hostname in LOOPBACK
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_private:
        raise not_allowed("an address that begins with https://")
    if parts.username or parts.password:
        raise not_allowed("an address without a password; credentials belong to the environment")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
Days = Annotated[int, Field(ge=0, le=3700)]


class ApiOptions(SourceOptions):
    """How a source behind an API is read.

    Attributes:
        start: the first day to read; as far back as the vendor goes if not said.
        overlap_days: how many days before the newest known change are read again.
        window_days: how many of the latest days are read again, because platforms restate them.
        slice_days: how many days are read at once.
        patience_seconds: how long an API that does not answer is waited for.
        methods: rules for the method that brought a lead, before what is known of platforms.
    """

    decide_nothing: ClassVar[frozenset[str]] = frozenset(
        {"overlap_days", "window_days", "slice_days", "patience_seconds"}
    )

    start: date | None = None
    overlap_days: Days | None = None
    window_days: Annotated[int, Field(ge=1, le=3700)] | None = None
    slice_days: Annotated[int, Field(ge=1, le=3700)] | None = None
    patience_seconds: Annotated[int, Field(ge=0, le=7200)] = 600
    methods: tuple[MethodRule, ...] = ()
