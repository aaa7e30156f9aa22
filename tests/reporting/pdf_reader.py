"""Read the words of a PDF that Typst wrote: its pages, their fonts, what their codes mean."""

import re
import zlib
from dataclasses import dataclass

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
# A text in brackets may hold pairs of brackets, here up to three deep.
PLAIN = rb"\\.|[^\\()]"
INNER = rb"\((?:" + PLAIN + rb")*\)"
MIDDLE = rb"\((?:" + PLAIN + rb"|" + INNER + rb")*\)"
TEXT = rb"\((?:" + PLAIN + rb"|" + MIDDLE + rb")*\)"
# A font is chosen, a text is shown, or a text object ends.
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|(" + TEXT + rb")|\bET\b", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Pdf:
    """A PDF as it is read: the words of each page, and what the file says of itself."""

    pages: list[str]
    content: bytes

    @property
    def words(self) -> str:
        return "\n".join(self.pages)


def read_pdf(content: bytes) -> Pdf:
    assert content.startswith(b"%PDF-")
    objects = {int(found[1]): found[2] for found in OBJECT.finditer(content)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return Pdf([_words_of(page, objects) for page in pages], content)


def _words_of(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = _fonts_of(page, objects)
    font: dict[int, str] = {}
    words = ""
    for found in SHOWN.finditer(_stream(_referred(page, b"Contents", objects))):
        if found[1]:
            font = fonts[found[1]]
        elif found[2]:
            codes = ESCAPE.sub(_unescaped, found[2][1:-1])
            words += "".join(
                font.get(int.from_bytes(codes[at : at + 2]), "?") for at in range(0, len(codes), 2)
            )
        else:
            words += "\n"
    # A no-break space holds a number and its unit together.
    return words.replace("\u00a0", " ")


def _fonts_of(page: bytes, objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """Return what each font's codes stand for, by the name under which a page chooses it."""
    resources = page
    if re.search(rb"/Resources \d+ 0 R", page):
        resources = _referred(page, b"Resources", objects)
    if re.search(rb"/Font \d+ 0 R", resources):
        resources = _referred(resources, b"Font", objects)
    named = re.findall(rb"/(\w+) (\d+) 0 R", resources)
    found = {name: objects[int(number)] for name, number in named}
    return {
        name: _letters(_stream(_referred(body, b"ToUnicode", objects)))
        for name, body in found.items()
        if b"/ToUnicode" in body
    }


def _letters(table: bytes) -> dict[int, str]:
    letters = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", part):
            letters[int(code, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            start = int.from_bytes(bytes.fromhex(letter.decode()))
            for offset in range(int(last, 16) - int(first, 16) + 1):
                letters[int(first, 16) + offset] = chr(start + offset)
    return letters


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign[:1].isdigit() else NAMED.get(sign, sign)


def _referred(body: bytes, name: bytes, objects: dict[int, bytes]) -> bytes:
    found = re.search(rb"/" + name + rb"\s+(\d+) 0 R", body)
    assert found, (name, body[:200])
    return objects[int(found[1])]


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found, body[:200]
    return zlib.decompressobj().decompress(found[1]) if b"FlateDecode" in body else found[1]
