"""What sqlfluff, which asks no database, reads in place of the macros in macros/engines/."""

from collections.abc import Callable


def dispatch(name: str) -> Callable[..., str]:
    """Return what writes an engine's macro as a call of a function of its name.

    How the expression is spelled is the engine's affair; the linter judges what is around it.
    """

    def written(*arguments: object) -> str:
        if name == "each_day":  # the only macro that is a whole select
            return f"select calendar_date from {arguments[-1]}"  # noqa: S608  # read, never run
        return f"{name}({', '.join(str(argument) for argument in arguments)})"

    return written
