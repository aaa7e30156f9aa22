"""Csv: delimited text files; each record with its line, and nothing padded, dropped or guessed."""

import bz2
import codecs
import contextlib
import csv
import gzip
import io
import json
import lzma
import unicodedata
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyarrow as pa

from marketing_warehouse.connectors.files import file_pieces
from marketing_warehouse.connectors.options import CsvOptions
from marketing_warehouse.connectors.pieces import Batch, Connector, Piece, Reading, Rows
from marketing_warehouse.errors import SourceRefusedError

if TYPE_CHECKING:
    from marketing_warehouse.config import Source

BATCH_ROWS = 20_000
BATCH_CHARACTERS = 32_000_000
BLOCK_CHARACTERS = 1_000_000
SOME_ROWS = 2_000
LIKELY_DELIMITERS = (";", "\t", "|", ",")
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


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield a piece for each file that the source's path matches."""
    return file_pieces(reading, partial(open_csv, reading.source))


CSV = Connector("csv", CsvOptions, pieces, reads_files=True, signs_in=False)


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
    where = f"Source {source.name}: the file {name}"
    with (
        path.open("rb") as binary,
        read_csv(cast(CsvOptions, source.options), binary, path.suffix, where) as rows,
    ):
        yield rows


@contextlib.contextmanager
def read_csv(options: CsvOptions, binary: IO[bytes], suffix: str, where: str) -> Iterator[Rows]:
    """Read delimited text wherever it comes from.

    Args:
        options: how it is written.
        binary: its bytes; those of a zip can be sought in.
        suffix: of its name, which says how it is packed.
        where: what messages call it.

    Raises:
        SourceRefusedError: it is empty, damaged, or not written as the options say.
    """
    with contextlib.ExitStack() as stack:
        try:
            unpacked = stack.enter_context(_unpacked(binary, suffix, where))
            stream = stack.enter_context(_decoded(unpacked, options.encoding, where))
            reader = _Reader(stream, options, where)
            header = reader.header()
            yield Rows(header.columns, reader.batches(header), header.repeated)
        except (*DAMAGED, OSError) as error:
            # Arrow calls a cut off stream an OSError too, but one without a number.
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise SourceRefusedError(
                f"{where} is cut off or damaged (it cannot be unpacked); copy it again."
            ) from error


def _unpacked(binary: IO[bytes], suffix: str, where: str) -> IO[bytes]:
    match suffix.lower():
        case ".gz":
            return cast(IO[bytes], gzip.open(binary, "rb"))
        case ".bz2":
            return cast(IO[bytes], bz2.open(binary, "rb"))
        case ".xz":
            return cast(IO[bytes], lzma.open(binary, "rb"))
        case ".zst":
            return cast(IO[bytes], _zstandard(binary))
        case ".zip":
            return _only_member(binary, where)
    return binary


def _zstandard(binary: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(cast(io.RawIOBase, pa.input_stream(binary, compression="zstd")))


def _only_member(binary: IO[bytes], where: str) -> IO[bytes]:
    archive = zipfile.ZipFile(binary)
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


class Header:
    """The columns of a file, and how many cells a record of it may have."""

    def __init__(self, cells: Sequence[str]) -> None:
        names = [
            unicodedata.normalize("NFC", cell.strip().lstrip("\ufeff").strip()) for cell in cells
        ]
        cells_found = len(names)
        while names and not names[-1]:  # a delimiter at the line's end begins no column
            names.pop()
        self.width = cells_found if cells_found == len(names) else -1  # no row has so many
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


class _Lines:
    """The lines of a file, read a block at a time, so that a reader can go back to one."""

    def __init__(self, stream: io.TextIOWrapper, where: str) -> None:
        self._stream = stream
        self._where = where
        self._blocks: deque[tuple[int, list[str]]] = deque()
        self._next_line = 1
        self.characters = 0

    def since(self, line: int) -> Iterator[str]:
        """Return the lines from a line on that was not released, to the end of the file."""
        return chain.from_iterable(self._blocks_since(line))

    def release(self, line: int) -> None:
        """Let go of the blocks before a line."""
        while self._blocks and self._blocks[0][0] + len(self._blocks[0][1]) <= line:
            self._blocks.popleft()

    def _blocks_since(self, line: int) -> Iterator[list[str]]:
        for first, block in list(self._blocks):
            if first + len(block) > line:
                yield block[max(0, line - first) :]
        while block := self._read_block():
            self._blocks.append((self._next_line, block))
            self._next_line += len(block)
            yield block

    def _read_block(self) -> list[str]:
        try:
            block = self._stream.readlines(BLOCK_CHARACTERS)
        except UnicodeError:  # of the few codecs that ask no error handler
            raise self._undecodable(self._next_line) from None
        text = "".join(block)
        self.characters += len(text)
        if UNDECODABLE in text:
            at = next(number for number, line in enumerate(block) if UNDECODABLE in line)
            raise self._undecodable(self._next_line + at)
        return block

    def _undecodable(self, line: int) -> SourceRefusedError:
        return SourceRefusedError(
            f"{self._where}, line {line}: this is not {self._stream.encoding} text; "
            "say the file's encoding under options in business.yml, such as windows-1252."
        )


class _Reader:
    """Reads records and keeps count of lines; a record that cannot be read becomes a fault.

    After a fault the reading goes on with the very next line, so that a stray quotation mark
    costs one line and not all the lines up to the next mark.
    """

    def __init__(self, stream: io.TextIOWrapper, options: CsvOptions, where: str) -> None:
        self._delimiter = options.delimiter
        self._where = where
        self._lines = _Lines(stream, where)
        self._go_to(1)

    def _go_to(self, line: int) -> None:
        self._line = line  # where the next record starts
        self._before = line - 1
        self._records = csv.reader(self._lines.since(line), delimiter=self._delimiter, strict=True)

    def header(self) -> Header:
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
            self._line = self._before + self._records.line_num + 1
            if cells and cells[0].lower().startswith("sep=") and not any(cells[1:]):
                continue  # Excel's own note of the delimiter
            header = Header(cells)
            if header.columns:
                self._refuse_other_delimiter(header)
                return header

    def _refuse_other_delimiter(self, header: Header) -> None:
        if len(header.columns) > 1:
            return
        for other in LIKELY_DELIMITERS:
            if other in header.columns[0]:
                raise SourceRefusedError(
                    f"{self._where} has one column, {header.columns[0]!r}: "
                    f"say delimiter: {json.dumps(other)} under options in business.yml."
                )

    def batches(self, header: Header) -> Iterator[Batch]:
        """Yield the records after the header."""
        at_end = False
        while not at_end:
            batch = _Collected(header)
            enough = self._lines.characters + BATCH_CHARACTERS
            while not (at_end or batch.is_full or self._lines.characters > enough):
                at_end = self._collect_some(batch)
                self._lines.release(self._line)
            if batch.rows or batch.faults:
                yield batch.finished()

    def _collect_some(self, batch: "_Collected") -> bool:
        """Read some records into a batch; say whether the file has ended."""
        some: list[list[str]] = []
        error = None
        try:
            # What was read before an error stays in the list.
            some.extend(islice(self._records, SOME_ROWS))
        except csv.Error as raised:
            error = raised
        ends = self._before + self._records.line_num
        if error is None and len(some) == ends - self._line + 1 and batch.fits_all(some):
            batch.add_all(some, self._line)
            self._line = ends + 1
            return len(some) < SOME_ROWS
        for row in some:
            breaks = sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)
            if not batch.add(row, self._line) and breaks:
                # Its quotes may have swallowed sound lines: read those on their own.
                self._go_to(self._line + 1)
                return False
            self._line += breaks + 1
        if error is None:
            return len(some) < SOME_ROWS
        batch.faults.append((self._line, _spoken(error)))
        self._go_to(self._line + 1)
        return False


class _Collected:
    """The records of a batch while it is being read."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        self.faults: list[tuple[int, str]] = []

    @property
    def is_full(self) -> bool:
        return len(self.rows) + len(self.faults) >= BATCH_ROWS

    def fits_all(self, rows: list[list[str]]) -> bool:
        """Say whether all records have just the header's cells, and none is blank."""
        return set(map(len, rows)) == {self._header.width} and all(map(any, rows))

    def add_all(self, rows: list[list[str]], line: int) -> None:
        """Take records that fit, one to a line from this one on."""
        self.rows.extend(rows)
        self.lines.extend(range(line, line + len(rows)))

    def add(self, row: list[str], line: int) -> bool:
        """Take a record, or the fault that it does not fit; a blank one is neither.

        It fits if its cells differ from the header's by empty ones at its end, if at all.
        """
        named = len(self._header.columns)
        if not any(cell.strip() for cell in row):
            return True
        if len(row) < named or any(cell.strip() for cell in row[named:]):
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            self.faults.append((line, f"the line has {cells} where the header has {named}"))
            return False
        self.rows.append(row[:named])
        self.lines.append(line)
        return True

    def finished(self) -> Batch:
        """Return the batch."""
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self._header.columns)
        arrays = [pa.array(column, pa.string()) for column in columns]
        cells = pa.table(arrays, names=list(self._header.columns))
        return Batch(cells, pa.array(self.lines, pa.int64()), self.faults)


def _spoken(error: csv.Error) -> str:
    said = str(error)
    if "field larger" in said:
        return f"a cell of the line is longer than {csv.field_size_limit():,} characters"
    if "unexpected end" in said:
        return "a quotation mark is opened in the line and never closed"
    return "the quotation marks of the line do not match"
