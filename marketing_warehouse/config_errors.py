"""Config errors: what is wrong in business.yml, said with key, what was found, what is allowed."""

import difflib
import re
import types
from collections.abc import Iterable
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from marketing_warehouse.config_text import ConfigText, Place
from marketing_warehouse.connectors import CONNECTORS
from marketing_warehouse.sections import NOT_ALLOWED, NOT_SOUND_SQL, UNKNOWN_KEY

SPOKEN = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "date_from_datetime_parsing": "a day such as 2026-01-31",
    "date_from_datetime_inexact": "a day such as 2026-01-31",
    "date_parsing": "a day such as 2026-01-31",
    "date_type": "a day such as 2026-01-31",
    "string_type": "a text",
    "string_too_short": "a text",
    "tuple_type": "a list, such as [a, b]",
    "dict_type": "a section of keys and values",
}
LONGEST_FOUND = 80
SECRET_OF_AN_ADDRESS = re.compile(r"(?<=://)\S+(?=@)|(?i:(?<=password=)|(?<=passwd=))[^&\s]+")


def spoken_problems(
    text: ConfigText, error: ValidationError, model: type[BaseModel]
) -> list[tuple[int, str]]:
    """Return each problem as its line and a sentence without the full stop.

    Args:
        text: the file as it was read.
        error: what pydantic found.
        model: the model of the whole file.
    """
    return [_spoken(text, details, model) for details in error.errors(include_url=False)]


def sentence(said: str) -> str:
    """Return what was said with a full stop, unless it ends otherwise."""
    return said if said.endswith(("?", ".")) else said + "."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the ending of a sentence that offers the closest known word, or nothing."""
    close = difflib.get_close_matches(str(word).lower(), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _spoken(text: ConfigText, details: ErrorDetails, model: type[BaseModel]) -> tuple[int, str]:
    place: Place = tuple(part for part in details["loc"] if part != "[key]")
    line, key = text.line_of(place), text.key_of(place)
    if details["type"] == UNKNOWN_KEY:
        return line, f"the key {key} is not known; allowed: {details['msg']}"
    if details["type"] == "extra_forbidden":
        known = _keys(text, place[:-1], model)
        allowed = ", ".join(known) + did_you_mean(str(place[-1]), known)
        return line, f"the key {key} is not known; allowed: {allowed}"
    if details["type"] == "missing":
        return line, f"{key} is missing; {_wish(text, place, model)}"
    found = details["input"]
    if details["type"] == NOT_SOUND_SQL:
        return line, f"{key} is {_found(found)}: {details['msg']}"
    return line, f"{key} is {_found(found)}; allowed: {_allowed(text, details, place, model)}"


def _wish(text: ConfigText, place: Place, model: type[BaseModel]) -> str:
    section = text.key_of(place[:-1])
    needed = ", ".join(_keys(text, place[:-1], model, only_required=True))
    return f"found: nothing; {section} must have {needed}"


def _allowed(text: ConfigText, details: ErrorDetails, place: Place, model: type[BaseModel]) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == NOT_ALLOWED:
        return str(details["msg"])
    if kind in ("model_type", "model_attributes_type"):
        return f"a section with the keys {', '.join(_keys(text, place, model))}"
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "").replace(" or ", ", ")
    if kind == "greater_than_equal":
        return f"{context['ge']:g} or more"
    if kind == "less_than_equal":
        return f"{context['le']:g} or less"
    return SPOKEN.get(kind, str(details["msg"]))


def _found(found: Any) -> str:
    if found is None or found in ({}, [], ()):
        return "nothing"
    if isinstance(found, dict):
        return "a section"
    if isinstance(found, list | tuple):
        return "a list"
    said = SECRET_OF_AN_ADDRESS.sub("…", " ".join(str(found).split()))
    return repr(said if len(said) <= LONGEST_FOUND else said[:LONGEST_FOUND] + "…")


def _keys(
    text: ConfigText, place: Place, model: type[BaseModel], only_required: bool = False
) -> list[str]:
    """Return the keys that the section at a place may have."""
    section: Any = model
    value: Any = text.values
    for part in place:
        if part == "options" and isinstance(value, dict):
            section = CONNECTORS[value["connector"]].options
        elif isinstance(part, str):
            section = _inner(section.model_fields[part].annotation)
        value = value[part]
    fields = {name: field for name, field in section.model_fields.items() if name != "path"}
    if section is not model:
        fields = dict(section.model_fields)
    return [name for name, field in fields.items() if field.is_required() or not only_required]


def _inner(annotation: Any) -> Any:
    """Return the model within `tuple[Model, ...]`, `Model | None` or a model itself."""
    if get_origin(annotation) in (tuple, Union, types.UnionType):
        return _inner(get_args(annotation)[0])
    return annotation
