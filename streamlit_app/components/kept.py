"""Kept: what was made of a build for one visitor serves the next who asks for the same.

A published build never changes, so a chart or a table is settled by the build, the language, the
colours, and what it is made of. Making it takes a hundred times longer than finding it again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec, TypeVar

from reporting import language
from reporting.marts import Report
from reporting.palette import colours

MOST_KEPT = 600

Given = ParamSpec("Given")
Made = TypeVar("Made")


def kept(
    make: Callable[Concatenate[Report, Given], Made],
    report: Report,
    *given: Given.args,
    **named: Given.kwargs,
) -> Made:
    """Return what a function makes of a report, made once for all who ask for it.

    Args:
        make: a pure function; nobody changes what it returns.
        report: the publication.
        *given: what else it is made of; each says all of itself in its `repr`.
        **named: the same, by name.
    """
    about = (
        f"{make.__module__}.{make.__qualname__}",
        str(report.publication.file),
        report.publication.build_id,
        language.current(),
        colours(),
        given,
        sorted(named.items()),
    )
    key = sha256(repr(about).encode()).digest()
    made: Made = _made(_Wish(key, lambda: make(report, *given, **named)))
    return made


@dataclass(frozen=True)
class _Wish:
    """What is asked for, and how it is made where it is not there yet."""

    key: bytes
    make: Callable[[], Any] = field(compare=False)


@lru_cache(maxsize=MOST_KEPT)
def _made(wish: _Wish) -> Any:
    return wish.make()
