"""Metrics: an endpoint that Prometheus reads, with every business's figures as they are now."""

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NoReturn

from marketing_warehouse.metrics import prometheus_text
from marketing_warehouse.paths import homes_from_environment

PORT = 9108
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Answer(BaseHTTPRequestHandler):
    """Answers GET /metrics, and GET /healthy to whoever asks if it is alive."""

    def do_GET(self) -> None:
        """Answer one request; only two addresses are known."""
        if self.path == "/metrics":
            self._say(HTTPStatus.OK, prometheus_text(homes_from_environment()))
        elif self.path == "/healthy":
            self._say(HTTPStatus.OK, "healthy\n")
        else:
            self._say(HTTPStatus.NOT_FOUND, "The figures are at /metrics.\n")

    def _say(self, status: HTTPStatus, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep silent: somebody asks every few seconds."""


def main() -> NoReturn:
    """Answer on all addresses of this container, until stopped."""
    ThreadingHTTPServer(("0.0.0.0", PORT), Answer).serve_forever()  # noqa: S104 (see `ports`)
    sys.exit(1)


if __name__ == "__main__":
    main()
