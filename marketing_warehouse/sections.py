"""Sections: what all parts of business.yml have in common."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from marketing_warehouse.sql_guard import NotAllowedSqlError, SqlGuard

NOT_ALLOWED = "not_allowed"
NOT_SOUND_SQL = "not_sound_sql"
UNKNOWN_KEY = "unknown_key"
Problem = tuple[tuple[str | int, ...], Any, str]


class Section(BaseModel):
    """A part of business.yml: its keys are known, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_written(cls, section: Any) -> Any:
        """Take a key with nothing behind it for one that was not written."""
        if not isinstance(section, dict):
            return section
        return {key: value for key, value in section.items() if value is not None}


def one_or_more(value: Any) -> Any:
    """Take one text for a list of one."""
    return [value] if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(one_or_more)]


def not_allowed(allowed: str) -> PydanticCustomError:
    """Return the error of a value that is not what is allowed."""
    return _error(NOT_ALLOWED, allowed)


def _error(kind: str, allowed: str) -> PydanticCustomError:
    # mypy wants literals here, because the stubs allow no name of a literal.
    return PydanticCustomError(kind, "{allowed}", {"allowed": allowed})


def refuse(problems: Iterable[Problem], kind: str = NOT_ALLOWED) -> None:
    """Raise all problems at once, if there are any.

    Args:
        problems: each with its place within the value at hand, what was found, what is allowed.
        kind: how they are to be said.
    """
    details = [
        InitErrorDetails(type=_error(kind, allowed), loc=place, input=found)
        for place, found, allowed in problems
    ]
    if details:
        raise ValidationError.from_exception_data("business.yml", details)


def check_sql(info: ValidationInfo, check: Callable[[SqlGuard], None], allowed: str) -> None:
    """Let the guard of this reading judge a SQL text.

    Args:
        info: the reading.
        check: what the guard is to do.
        allowed: what the text may be.
    """
    guard = (info.context or {}).get("guard")
    if guard is None:
        return
    try:
        check(guard)
    except NotAllowedSqlError as error:
        raise _error(NOT_SOUND_SQL, f"{error}; allowed: {allowed}") from None
