"""Csv: delimited text files; each record with its line, and nothing padded, dropped or guessed."""

import bz2
import codecs
import contextlib
import csv
import gzip
import io
import lzma
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyarrow as pa

from marketing_warehouse.connectors.files import file_pieces
from marketing_warehouse.connectors.options import CsvOptions
from marketing_warehouse.connectors.pieces import Batch, Connector, Piece, Rows
from marketing_warehouse.errors import SourceRefusedError

if TYPE_CHECKING:
    from marketing_warehouse.config import Source

BATCH_ROWS = 50_000
BATCH_CHARACTERS = 32_000_000
# A lone surrogate stands for bytes that the encoding does not know: no decoded text can hold it.
UNDECODABLE = "\udfff"
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)

codecs.register_error("mark_undecodable", lambda error: (UNDECODABLE, error.end))  # type: ignore[attr-defined]  # only decoding errors come here


def pieces(source: "Source", folder: Path) -> Iterator[Piece]:
    """Yield a piece for each file that the source's path matches."""
    return file_pieces(source, folder, partial(open_csv, source))


CSV = Connector("csv", CsvOptions, reads_files=True, pieces=pieces)


@contextlib.contextmanager
def open_csv(source: "Source", path: Path, name: str) -> Iterator[Rows]:
    """Read a delimited file: a header, then records, all cells texts.

    Args:
        source: the source, with its options.
        path: the file.
        name: what messages call it.

    Raises:
        SourceRefusedError: it is empty, damaged, or not written as the options say.
    """
    options = cast(CsvOptions, source.options)
    where = f"Source {source.name}: the file {name}"
    with contextlib.ExitStack() as stack:
        try:
            binary = stack.enter_context(_uncompressed(path, where))
            stream = stack.enter_context(_decoded(binary, options.encoding, where))
            reader = _Reader(stream, options, where)
            header = reader.header()
            yield Rows(header.columns, reader.batches(header), header.repeated)
        except DAMAGED as error:
            raise SourceRefusedError(
                f"{where} is cut off or damaged (it cannot be unpacked); copy it again."
            ) from error


def _uncompressed(path: Path, where: str) -> IO[bytes]:
    match path.suffix.lower():
        case ".gz":
            return cast(IO[bytes], gzip.open(path, "rb"))
        case ".bz2":
            return cast(IO[bytes], bz2.open(path, "rb"))
        case ".xz":
            return cast(IO[bytes], lzma.open(path, "rb"))
        case ".zst":
            return cast(IO[bytes], _zstandard(path))
        case ".zip":
            return _only_member(path, where)
    return path.open("rb")


def _zstandard(path: Path) -> io.BufferedReader:
    return io.BufferedReader(cast(io.RawIOBase, pa.input_stream(str(path), compression="zstd")))


def _only_member(path: Path, where: str) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise SourceRefusedError(
            f"{where} holds {len(members)} files and must hold one; unpack it into the inbox."
        )
    return archive.open(members[0])


def _decoded(binary: IO[bytes], encoding: str, where: str) -> io.TextIOWrapper:
    """Open the text of a file; a byte order mark says more than the option."""
    buffered = io.BufferedReader(cast(io.RawIOBase, binary))
    start = buffered.peek(4096)[:4096]
    marked = next((codec for mark, codec in MARKS if start.startswith(mark)), None)
    if start.startswith(b"PK\x03\x04"):
        raise SourceRefusedError(
            f"{where} is a workbook or an archive, not a text file; export it as CSV."
        )
    if marked is None and b"\x00" in start and not _is_wide(encoding):
        raise SourceRefusedError(
            f"{where} is not {encoding} text (it holds zero bytes); "
            "say its encoding under options, such as utf-16-le."
        )
    return io.TextIOWrapper(
        buffered, encoding=marked or encoding, errors="mark_undecodable", newline=""
    )


def _is_wide(encoding: str) -> bool:
    return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))


class _Header:
    """The columns of a file, and how many cells a record of it may have."""

    def __init__(self, cells: Sequence[str]) -> None:
        names = [cell.strip().lstrip("\ufeff").strip() for cell in cells]
        cells_found = len(names)
        while names and not names[-1]:  # a delimiter at the line's end begins no column
            names.pop()
        self.width = cells_found if cells_found == len(names) else None
        seen: set[str] = set()
        repeated: set[str] = set()
        columns: list[str] = []
        for number, name in enumerate(names, 1):
            column = name or f"column_{number}"
            while column.lower() in seen:
                repeated.add(name.lower())
                column += "_"
            seen.add(column.lower())
            columns.append(column)
        self.columns = tuple(columns)
        self.repeated = frozenset(repeated)


class _Reader:
    """Reads records and keeps count of lines; a record that cannot be read becomes a fault.

    After a fault the reading goes on with the very next line, so that a stray quotation mark
    costs one line and not all the lines up to the next mark.
    """

    def __init__(self, stream: io.TextIOWrapper, options: CsvOptions, where: str) -> None:
        self._stream = stream
        self._options = options
        self._where = where
        self._again: deque[str] = deque()  # lines that a faulty record had swallowed
        self._held: list[str] = []  # lines of the record at hand
        self._line = 1  # where the record at hand starts
        self._characters = 0
        self._records = self._new_records()

    def header(self) -> _Header:
        """Read the first record that is not blank.

        Raises:
            SourceRefusedError: there is none, or it is no header.
        """
        while True:
            try:
                cells = next(self._records)
            except StopIteration:
                raise SourceRefusedError(
                    f"{self._where} is empty; export it again, with its header."
                ) from None
            except csv.Error:
                raise SourceRefusedError(
                    f"{self._where}, line {self._line}: the quotes of the header do not match; "
                    "mend the file."
                ) from None
            self._next_line()
            if any(cell.strip() for cell in cells):
                header = _Header(cells)
                if not header.columns:
                    continue
                return header

    def batches(self, header: _Header) -> Iterator[Batch]:
        """Yield the records after the header."""
        at_end = False
        while not at_end:
            rows: list[list[str]] = []
            lines: list[int] = []
            faults: list[tuple[int, str]] = []
            self._characters = 0
            at_end = self._fill(header, rows, lines, faults)
            if rows or faults:
                yield Batch(_table(header, rows), pa.array(lines, pa.int64()), faults)

    def _fill(
        self,
        header: _Header,
        rows: list[list[str]],
        lines: list[int],
        faults: list[tuple[int, str]],
    ) -> bool:
        """Read until the batch is full; say whether the file has ended."""
        width, held = header.width, self._held  # a header with unnamed columns has no width
        while len(rows) < BATCH_ROWS and self._characters < BATCH_CHARACTERS:
            try:
                for row in self._records:
                    if len(row) == width and any(row):
                        rows.append(row)
                        lines.append(self._line)
                    elif any(cell.strip() for cell in row):
                        fault = self._fit(header, row, rows, lines)
                        if fault:
                            faults.append((self._line, fault))
                            self._read_again()
                            break
                    self._line += len(held)
                    held.clear()
                    if len(rows) >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS:
                        break
                else:
                    return True
            except csv.Error as error:
                faults.append((self._line, _spoken(error)))
                self._read_again()
        return False

    def _fit(
        self, header: _Header, row: list[str], rows: list[list[str]], lines: list[int]
    ) -> str | None:
        """Take a record whose cells differ from the header by empty ones at its end, if at all."""
        named = len(header.columns)
        if len(row) >= named and not any(cell.strip() for cell in row[named:]):
            rows.append(row[:named])
            lines.append(self._line)
            return None
        return f"the line has {_cells(len(row))} where the header has {named}"

    def _next_line(self) -> None:
        self._line += len(self._held)
        self._held.clear()

    def _read_again(self) -> None:
        """Give back all lines of a faulty record but the first, and start afresh after it."""
        self._again.extendleft(reversed(self._held[1:]))
        self._held.clear()
        self._line += 1
        self._records = self._new_records()

    def _new_records(self) -> "Iterator[list[str]]":
        return csv.reader(self._lines(), delimiter=self._options.delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        held, again = self._held, self._again
        while again:
            line = again.popleft()
            held.append(line)
            yield line
        for line in self._stream:
            if UNDECODABLE in line:
                at = self._line + len(held)
                raise SourceRefusedError(
                    f"{self._where}, line {at}: this is not {self._stream.encoding} text; say the "
                    "file's encoding under options in business.yml, such as windows-1252."
                )
            held.append(line)
            self._characters += len(line)
            yield line


def _table(header: _Header, rows: list[list[str]]) -> pa.Table:
    named = len(header.columns)
    columns = list(zip(*rows, strict=True)) if rows else [()] * named
    return pa.table(
        [pa.array(column, pa.string()) for column in columns], names=list(header.columns)
    )


def _spoken(error: csv.Error) -> str:
    said = str(error)
    if "field larger" in said:
        return f"a cell of the line is longer than {csv.field_size_limit():,} characters"
    if "unexpected end" in said:
        return "a quotation mark is opened in the line and never closed"
    return "the quotation marks of the line do not match"


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"
