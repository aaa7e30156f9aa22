"""Options: how a source spells its texts; each connector may have more."""

import codecs
import functools
from typing import Annotated, ClassVar
from zoneinfo import available_timezones

from pydantic import AfterValidator, ValidationInfo, field_validator

from marketing_warehouse.sections import Section, Texts, check_sql, not_allowed
from marketing_warehouse.sql_guard import SqlGuard

DATE_FORMATS = 'a format such as "%d.%m.%Y", or a list of them'


def known_zone(zone: str) -> str:
    """Accept a time zone of the IANA database."""
    if zone not in _zones():
        raise not_allowed("a time zone such as Europe/Bucharest or UTC")
    return zone


@functools.cache
def _zones() -> set[str]:
    return available_timezones() - {"localtime"}  # the machine's own zone is nobody's business


def _known_encoding(encoding: str) -> str:
    refused = not_allowed("an encoding that Python knows, such as utf-8, utf-16 or windows-1252")
    try:
        codec = codecs.lookup(encoding)
        "a,1\n".encode(encoding).decode(encoding)
    except (LookupError, ValueError, TypeError, AttributeError):
        raise refused from None
    if not codec._is_text_encoding:
        raise refused
    return encoding


def _one_character(text: str) -> str:
    text = {"\\t": "\t", "tab": "\t"}.get(text, text)
    if len(text) != 1 or text in '"\r\n':
        raise not_allowed('one character, such as "," or ";" or "\\t"')
    return text


TimeZone = Annotated[str, AfterValidator(known_zone)]


class SourceOptions(Section):
    """How the texts of any source are to be read.

    Attributes:
        decimal: the mark before the fraction of a number.
        thousands: the mark between groups of digits, if there is one.
        timezone: the zone of times that name none; of the business if not said.
        date_format: the formats to try, in this order, before ISO 8601.
        decide_nothing: the options that only say how to read; to change one lands nothing again.
    """

    decide_nothing: ClassVar[frozenset[str]] = frozenset()

    decimal: str = "."
    thousands: str | None = None
    timezone: TimeZone | None = None
    date_format: Texts = ()

    @field_validator("decimal")
    @classmethod
    def _known_decimal(cls, decimal: str) -> str:
        if decimal not in (".", ","):
            raise not_allowed('"." or ","')
        return decimal

    @field_validator("thousands")
    @classmethod
    def _other_than_decimal(cls, thousands: str | None, info: ValidationInfo) -> str | None:
        if thousands is None:
            return None
        if len(thousands) != 1 or thousands.isalnum() or thousands in "+-":
            raise not_allowed('one character, such as "," or "." or " "')
        if thousands == info.data.get("decimal"):
            raise not_allowed("another mark than that of the decimals")
        return thousands

    @field_validator("date_format")
    @classmethod
    def _known_formats(cls, formats: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for form in formats:
            check_sql(info, functools.partial(SqlGuard.check_date_format, form=form), DATE_FORMATS)
        return formats


class CsvOptions(SourceOptions):
    """How a delimited text file is written.

    Attributes:
        delimiter: the character between two cells.
        encoding: any codec of Python; a byte order mark is understood without it.
    """

    delimiter: Annotated[str, AfterValidator(_one_character)] = ","
    encoding: Annotated[str, AfterValidator(_known_encoding)] = "utf-8"
