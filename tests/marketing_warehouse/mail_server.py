"""A small mail server on loopback: it keeps what it is given, or answers as it is told to."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a letter needs (RFC 5321)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, refusal: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.refusal = refusal  # what is answered to a letter; nothing: it is accepted
        self.letters: list[EmailMessage] = []

    @property
    def connection(self) -> str:
        """The server as an Airflow connection, without encryption: it is on this machine."""
        port = self.server_address[1]
        return f"smtp://127.0.0.1:{port}?from=report@example.com&security=none"


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here I am")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())
                self._say("250 kept")
            elif word == b"MAIL" and self.server.refusal:
                self._say(self.server.refusal)
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _letter(self) -> EmailMessage:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), EmailMessage, policy=policy.SMTP)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextlib.contextmanager
def mail_server(refusal: str = "") -> Iterator[MailServer]:
    with MailServer(refusal) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield server
        server.shutdown()
        serving.join()
