"""Every sentence that a reader sees is said in each language, and none is written past `say`."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from marketing_warehouse.paths import PROJECT
from reporting.language import LANGUAGES
from scripts.update_texts import SPEAKING, read_catalogue, template

FORMS = {"en": 2, "ro": 3}

# What shows its first argument, or its label, to a reader.
SHOWS = {
    *("button", "caption", "checkbox", "date_input", "download_button", "error", "expander"),
    *("header", "html", "info", "link_button", "markdown", "menu_button", "number_input", "pills"),
    *("popover", "radio", "segmented_control", "selectbox", "slider", "spinner", "subheader"),
    *("success", "table", "text", "text_area", "text_input", "title", "toast", "toggle"),
    *("warning", "write", "multiselect", "select_slider", "file_uploader", "metric", "status"),
}
SHOWN_WORDS = {"alt", "help", "label", "placeholder", "title"}
NAMES = {"SQL", "CSV", "Excel", "PNG", "PDF"}  # the same in every language


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_every_language(language: str) -> None:
    catalogue = read_catalogue(language)
    said = {forms(message.id): forms(message.string) for message in catalogue if message.id}
    wanted = {forms(message.id) for message in template() if message.id}
    assert wanted - set(said) == set(), "run `make texts` and translate"
    assert set(said) - wanted == set(), "nobody says these any more: run `make texts`"
    assert [sentence for sentence, texts in said.items() if not all(texts)] == []
    plural = {sentence: texts for sentence, texts in said.items() if len(sentence) > 1}
    assert {len(texts) for texts in plural.values()} == {FORMS[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_gaps_of_its_sentence(language: str) -> None:
    strays = [
        f"{sentence!r}: {text!r}"
        for message in read_catalogue(language)
        if message.id
        for sentence in [forms(message.id)]
        for text in forms(message.string)
        # The form for one may leave its number out.
        if gaps(text) - gaps(" ".join(sentence))
        or gaps(" ".join(sentence)) - gaps(text) - ({"number"} if len(sentence) > 1 else set())
    ]
    assert strays == []


def test_english_stands_in_the_code() -> None:
    changed = [m.id for m in read_catalogue("en") if m.id and forms(m.id) != forms(m.string)]
    assert changed == []


def test_no_visible_text_is_written_past_say() -> None:
    strays = [
        f"{file.relative_to(PROJECT)}:{line}: {text!r}"
        for folder in SPEAKING
        for file in sorted((PROJECT / folder).rglob("*.py"))
        for line, text in unspoken(ast.parse(file.read_text()))
    ]
    assert strays == []


def unspoken(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the texts with words that go to a reader as they stand in the code."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        shown = [word.value for word in node.keywords if word.arg in SHOWN_WORDS]
        if isinstance(node.func, ast.Attribute) and node.func.attr in SHOWS:
            shown += node.args[:1]
        for text in map(written, shown):
            is_query = re.match(r"\s*(select|with)\b", text)
            if not is_query and re.search("[A-Za-z]{2,}", text) and text.strip() not in NAMES:
                yield node.lineno, text


def written(node: ast.expr) -> str:
    """Return the words of a text that stand in the code itself, without HTML and icons."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
        text = "".join(map(str, parts))
    else:
        return ""
    return re.sub(r"<[^>]*>|:material/\w+:|&\w+;", "", text)
