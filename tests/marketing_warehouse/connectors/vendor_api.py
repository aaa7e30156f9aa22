"""An API on loopback that speaks a vendor's protocol, from data of its own; a subclass says how."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as the API sees it."""

    method: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass(frozen=True)
class Answer:
    """What the API says to it."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


# What may befall an answer: it is changed, or None says that the connection was cut.
Mischief = Callable[[Answer], Answer | None]


def busy(_: Answer) -> Answer:
    """Ask for patience."""
    return Answer({"message": "slow down"}, 429, {"Retry-After": "0"})


def broken(_: Answer) -> Answer:
    """Be out of order for once, in a way that is not even JSON."""
    return Answer(b"<h1>Internal Server Error</h1>", 500, {"Content-Type": "text/html"})


def cut(_: Answer) -> None:
    """Send half an answer and close the connection."""


def garbled(answer: Answer) -> Answer:
    """Send half an answer as if it were whole."""
    return Answer(answer.content[: len(answer.content) // 2], 200)


class Held:
    """Let nothing out until the test says so."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.released = threading.Event()

    def __call__(self, _: Answer) -> None:
        self.reached.set()
        self.released.wait(60)


class VendorApi(AbstractContextManager["VendorApi"]):
    """The loopback API of a vendor.

    Attributes:
        asked: every request so far.
        mischief: what befalls the next answers, one after the other; None lets one pass.
        before: for the number of a request, from 0, what happens just before it is answered.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.mischief: deque[Mischief | None] = deque()
        self.before: dict[int, Callable[[], None]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, asked: Asked) -> Answer:
        """Return what the vendor answers."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, asked: Asked) -> tuple[Answer, Answer | None]:
        """Return the answer, and what mischief has made of it."""
        with self._lock:
            self.before.pop(len(self.asked), lambda: None)()
            self.asked.append(asked)
            mischief = self.mischief.popleft() if self.mischief else None
            answer = self.answer(asked)
        return answer, mischief(answer) if mischief else answer

    def _handler(api) -> type[BaseHTTPRequestHandler]:  # noqa: N805  # self is the handler's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _answer(self) -> None:
                address = urlsplit(self.path)
                params = dict(parse_qsl(address.query, keep_blank_values=True))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked = Asked(self.command, address.path, params, self.headers, body)
                planned, answer = api._handle(asked)
                content = (answer or planned).content
                self.send_response((answer or planned).status)
                said = {"Content-Type": "application/json", "Content-Length": str(len(content))}
                for name, text in {**said, **(answer or planned).headers}.items():
                    self.send_header(name, text)
                self.end_headers()
                if answer is None:
                    self.wfile.write(content[: len(content) // 2])
                    self.close_connection = True
                else:
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = _answer  # noqa: N815  # the names that http.server asks for

            def log_message(self, *_: object) -> None:
                """Say nothing: a test's output is for failures."""

        return Handler
