"""What `make texts` does: bring the report's catalogues up to date with its sentences.

New sentences get an empty translation, which a test reports; those that nobody says any more go.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from scripts.make_kpi_page import PROJECT, read_definitions

SPEAKING = ("reporting", "streamlit_app")  # the folders whose code speaks to readers
SPOKEN = ("label", "formula")  # columns of the seed that the report shows

Sentence = str | tuple[str, str]


def sentences() -> Iterator[Sentence]:
    """Yield every sentence of the code that speaks, and what the seed says of the KPIs."""
    files = (file for folder in SPEAKING for file in (PROJECT / folder).rglob("*.py"))
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from _said(node, node.func.id)
    for definition in read_definitions():
        yield from (definition[column] for column in SPOKEN)


def _said(call: ast.Call, name: str) -> Iterator[Sentence]:
    """Yield what a call says; those inside f-strings, which babel's extractor passes over, too."""
    texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    if name == "say" and texts and isinstance(texts[0], str):
        yield texts[0]
    elif name == "say_n":
        one, many = texts[:2]
        yield str(one), str(many)


def template() -> Catalog:
    """Return a catalogue of all sentences without translations."""
    made = Catalog()
    for sentence in sorted(set(sentences()), key=str):
        made.add(sentence)
    return made


def catalogue_file(language: str) -> Path:
    """Return where the catalogue of a language is."""
    return PROJECT / "reporting" / "locale" / language / "LC_MESSAGES" / "report.po"


def read_catalogue(language: str) -> Catalog:
    """Return a language's catalogue as it is, empty if there is none yet."""
    file = catalogue_file(language)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as handle:
        return read_po(handle, locale=language)


def updated(language: str) -> Catalog:
    """Return a language's catalogue with exactly the sentences that are said now."""
    kept = read_catalogue(language)
    made = Catalog(locale=language)
    for message in template():
        if not message.id:
            continue
        former = kept.get(message.id[0] if message.pluralizable else message.id)
        made.add(message.id, former.string if former else _said_in(language, message.id))
    return made


def _said_in(language: str, sentence: Sentence) -> Sentence:
    """English is what stands in the code; any other language waits for its translator."""
    if language == "en":
        return sentence
    return "" if isinstance(sentence, str) else ("", "")


def main() -> None:
    """Write all catalogues and say what waits for a translation."""
    for language in sys.argv[1:] or ["en", "ro"]:
        made = updated(language)
        file = catalogue_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as handle:
            write_po(handle, made, width=100, sort_output=True, omit_header=True)
        waiting = sum(1 for message in made if message.id and not all(_forms(message.string)))
        print(f"{language}: {len(made)} sentences, {waiting} without a translation")


def _forms(text: Sentence) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


if __name__ == "__main__":
    main()
