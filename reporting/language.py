"""Language: every sentence of the report in the visitor's language, from one catalogue each.

A sentence stands in the code in English, whole, with names for what is filled in; its translations
stand in `locale/<language>/LC_MESSAGES/report.po`. `make texts` brings the catalogues up to date.
"""

from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "ro": "Română"}
DEFAULT = "en"
LOCALE = Path(__file__).resolve().parent / "locale"

# Each run of a page has a thread of its own, and in it one visitor.
_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)


def use(language: str) -> None:
    """Speak a language for the rest of this run; one that is not known is English."""
    _spoken.set(language if language in LANGUAGES else DEFAULT)


def current() -> str:
    """Return the language that is spoken: `en` or `ro`."""
    return _spoken.get()


def preferred(locale: str | None) -> str:
    """Return the language for a browser's locale, such as `ro-RO`."""
    language = (locale or DEFAULT).split("-")[0].lower()
    return language if language in LANGUAGES else DEFAULT


def say(sentence: str, **filled: Any) -> str:
    """Return a sentence in the visitor's language, with its gaps filled.

    Args:
        sentence: English, as it stands in the catalogues; gaps are `{named}`.
        **filled: what goes into the gaps, already formatted.
    """
    return _translated(sentence).format(**filled) if filled else _translated(sentence)


def say_n(one: str, many: str, number: int, **filled: Any) -> str:
    """Return the form of a sentence that goes with a number; `{number}` is filled with it."""
    message = _catalogue(current()).get(one)
    if message is None or not message.string:
        return (one if number == 1 else many).format(**{"number": number, **filled})
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    text = forms[_form(current(), number)] or many
    return text.format(**{"number": number, **filled})


def catalogue_file(language: str) -> Path:
    """Return where the catalogue of a language is."""
    return LOCALE / language / "LC_MESSAGES" / "report.po"


def _translated(sentence: str) -> str:
    message = _catalogue(current()).get(sentence)
    if message is None or not message.string:
        return sentence
    # A word may also be counted elsewhere (`day`, `days`): alone it is the first of its forms.
    text = message.string if isinstance(message.string, str) else message.string[0]
    return text or sentence


def _form(language: str, number: int) -> int:
    """Return which plural form a number takes: English has two, Romanian three."""
    if language == "ro":
        if number == 1:
            return 0
        return 1 if number == 0 or 0 < number % 100 < 20 else 2
    return 0 if number == 1 else 1


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)
