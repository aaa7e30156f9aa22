"""S3: CSV or Parquet files in a bucket, read as streams: nothing plain is put on a disk."""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, cast

from marketing_warehouse.connectors.csv import read_csv
from marketing_warehouse.connectors.options import CsvOptions
from marketing_warehouse.connectors.parquet import open_parquet
from marketing_warehouse.connectors.pieces import Batch, Connector, Piece, Reading, Rows
from marketing_warehouse.connectors.rest.options import Address
from marketing_warehouse.credentials import variable_of
from marketing_warehouse.errors import (
    CredentialsRefusedError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
)

if TYPE_CHECKING:
    from pyarrow.fs import FileInfo, S3FileSystem

SCHEME = "s3://"
BUFFER_BYTES = 4 << 20  # what one request fetches
CONNECT_SECONDS = 10
REQUEST_SECONDS = 60
ATTEMPTS = 5  # with Arrow's exponential pauses between them
NOT_LET_IN = re.compile(
    "ACCESS_DENIED|INVALID_ACCESS_KEY_ID|SIGNATURE_DOES_NOT_MATCH|INVALID_CLIENT_TOKEN_ID"
    "|INVALID_SIGNATURE|EXPIRED_TOKEN|Forbidden|HTTP response code: 40[13]|HTTP status 40[13]"
)
NOT_THERE = re.compile("NO_SUCH_BUCKET|NO_SUCH_KEY|RESOURCE_NOT_FOUND|does not exist|not found")
PARTS_OF_A_GLOB = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class S3Options(CsvOptions):
    """Where the bucket is, and what its files are.

    Attributes:
        endpoint: the address of a store that is not Amazon's, such as https://s3.example.com.
        region: where the bucket is.
        format: csv or parquet; by the file's name if not said.
        sign_in: with the source's keys, as the machine (its role at Amazon), or as nobody.
    """

    decide_nothing = CsvOptions.decide_nothing | {"endpoint", "region", "sign_in"}

    endpoint: Address | None = None
    region: str = "us-east-1"
    format: Literal["csv", "parquet"] | None = None
    sign_in: Literal["keys", "machine", "nobody"] = "keys"


@dataclass(frozen=True)
class _Bucket:
    """A signed-in store, and how messages begin."""

    files: "S3FileSystem"
    reading: Reading

    @property
    def path(self) -> str:
        return (self.reading.source.path or "").removeprefix(SCHEME)

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Turn what the store answers into a sentence; none of its own words."""
        try:
            yield
        except OSError as error:
            raise self._refusal(str(error)) from None

    def _refusal(self, said: str) -> SourceError:
        source = self.reading.source.name
        name = self.path.split("/")[0]
        if NOT_LET_IN.search(said):
            return CredentialsRefusedError(
                f"Source {source}: the bucket {name} does not let us list and read it; mend "
                f"{variable_of(source)}ACCESS_KEY and {variable_of(source)}SECRET_KEY, or grant "
                "them s3:ListBucket and s3:GetObject."
            )
        if NOT_THERE.search(said):
            return SourceError(
                f"Source {source}: there is no file {SCHEME}{self.path}; "
                "put it there, or mend the source's path in business.yml."
            )
        return SourceUnavailableError(
            f"Source {source}: the store of the bucket {name} does not answer; "
            "what was landed stays, the next load tries again."
        )


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield a piece for each file of the bucket that the source's path matches."""
    bucket = _Bucket(_signed_in(reading), reading)
    for found in _matching(bucket):
        name = SCHEME + found.path
        yield Piece(
            name,
            fingerprint=partial(_fingerprint, bucket, found),
            open=partial(_open, bucket, found, name),
        )


S3 = Connector("s3", S3Options, pieces, reads_files=True)


def _signed_in(reading: Reading) -> "S3FileSystem":
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    options = cast(S3Options, reading.source.options)
    settings: dict[str, Any] = {
        "region": options.region,
        "connect_timeout": CONNECT_SECONDS,
        "request_timeout": REQUEST_SECONDS,
        "retry_strategy": AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
    }
    if options.endpoint:
        scheme, address = options.endpoint.split("://", 1)
        settings |= {"scheme": scheme, "endpoint_override": address}
    if options.sign_in == "nobody":
        settings["anonymous"] = True
    if options.sign_in == "keys":
        settings["access_key"] = reading.credentials["access_key"]
        settings["secret_key"] = reading.credentials["secret_key"]
        settings["session_token"] = reading.credentials.get("session_token")
    return S3FileSystem(**settings)


def _matching(bucket: _Bucket) -> list["FileInfo"]:
    """Return the files that match, in the order of their names.

    Raises:
        SourceError: none does, or the bucket does not let us in.
    """
    from pyarrow.fs import FileSelector, FileType

    pattern = bucket.path + ("**" if bucket.path.endswith("/") else "")
    fixed = re.split(r"[*?]", pattern)[0]
    matches = re.compile(_regex(pattern)).fullmatch
    with bucket.plain_errors():
        if fixed == pattern:
            listed = [bucket.files.get_file_info(pattern)]
        else:
            folder = fixed.rpartition("/")[0]
            listed = bucket.files.get_file_info(FileSelector(folder, recursive=True))
    found = [info for info in listed if info.type == FileType.File and matches(info.path)]
    if not found:
        raise SourceError(
            f"Source {bucket.reading.source.name}: there is no file {SCHEME}{bucket.path}; "
            "put it there, or mend the source's path in business.yml."
        )
    return sorted(found, key=lambda info: info.path)


def _regex(pattern: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return "".join(PARTS_OF_A_GLOB.get(part) or re.escape(part) for part in parts)


def _etag(bucket: _Bucket, found: "FileInfo") -> str:
    with bucket.plain_errors(), bucket.files.open_input_stream(found.path) as stream:
        said = {str(_text(key)).lower(): _text(value) for key, value in stream.metadata().items()}
    return f"{said.get('etag', '')} {found.size} {found.mtime_ns if 'etag' not in said else ''}"


def _text(said: bytes | str) -> str:
    return said.decode() if isinstance(said, bytes) else said


def _fingerprint(bucket: _Bucket, found: "FileInfo") -> str:
    """Return a hash of the store's own mark of the content, which costs no reading."""
    if not found.size:
        raise SourceRefusedError(
            f"Source {bucket.reading.source.name}: the file {SCHEME}{found.path} is empty; "
            "export it again."
        )
    return hashlib.sha256(_etag(bucket, found).encode()).hexdigest()


@contextmanager
def _open(bucket: _Bucket, found: "FileInfo", name: str) -> Iterator[Rows]:
    source = bucket.reading.source
    options = cast(S3Options, source.options)
    suffix = PurePath(name).suffix
    before = _etag(bucket, found)
    with io.BufferedReader(_Object(bucket, found), BUFFER_BYTES) as binary:
        if (options.format or suffix.lower()) in ("parquet", ".parquet"):
            opened = open_parquet(source, binary, name)
        else:
            opened = read_csv(options, binary, suffix, f"Source {source.name}: the file {name}")
        with opened as rows:
            yield replace(rows, batches=_unchanged(bucket, found, before, rows.batches))


def _unchanged(
    bucket: _Bucket, found: "FileInfo", before: str, batches: Iterator[Batch]
) -> Iterator[Batch]:
    """Yield the rows of a file, and refuse them if it was another at their end."""
    yield from batches
    if _etag(bucket, found) != before:
        raise SourceUnavailableError(
            f"Source {bucket.reading.source.name}: the file {SCHEME}{found.path} was changed while "
            "it was read; load again."
        )


class _Object(io.RawIOBase):
    """A file of the store whose errors are sentences already."""

    def __init__(self, bucket: _Bucket, found: "FileInfo") -> None:
        self._bucket = bucket
        with bucket.plain_errors():
            self._file = bucket.files.open_input_file(found.path)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return int(self._file.tell())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def readinto(self, buffer: Any) -> int:
        with self._bucket.plain_errors():
            return int(self._file.readinto(buffer))

    def close(self) -> None:
        self._file.close()
        super().close()
