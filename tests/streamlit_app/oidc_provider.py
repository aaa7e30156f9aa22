"""A small OpenID provider on loopback: it lets a visitor pick who they are, and vouches for it.

It speaks the authorization-code flow as OpenID Connect Core says, with a client secret, a nonce
and PKCE, and refuses what does not keep to it, so that a report that skips a step is not signed in.
"""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "warehouse-report"
CLIENT_SECRET = "a secret that only the two know"

Claims = Mapping[str, Any]


class Provider(ThreadingHTTPServer):
    """The provider, with the people that it knows and the codes that it has given out."""

    daemon_threads = True

    def __init__(self, people: Mapping[str, Claims]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.people = people
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def id_token(self, asked: Mapping[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": asked["person"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            **self.people[asked["person"]],
        }
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: Any) -> None:
        """Say nothing: tests have their own output."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: texts[0] for name, texts in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self._json(_metadata(self.server.address))
        elif url.path == "/jwks":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif url.path == "/authorize":
            self._people(asked)
        elif url.path == "/as":
            self._send_back(asked)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = {
            name: texts[0] for name, texts in parse_qs(self.rfile.read(length).decode()).items()
        }
        given = self.server.codes.pop(asked.get("code", ""), None)
        if given is None or not self._is_the_client(asked) or not _is_proven(given, asked):
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json(
            {
                "access_token": secrets.token_urlsafe(),
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self.server.id_token(given),
            }
        )

    def _people(self, asked: dict[str, str]) -> None:
        links = "".join(
            f'<p><a href="/as?{escape(urlencode({**asked, "person": person}))}">{person}</a></p>'
            for person in self.server.people
        )
        self._send(f"<title>Who are you?</title>{links}".encode(), "text/html")

    def _send_back(self, asked: dict[str, str]) -> None:
        code = secrets.token_urlsafe()
        self.server.codes[code] = asked
        self.send_response(302)
        back = urlencode({"code": code, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def _is_the_client(self, asked: Mapping[str, str]) -> bool:
        kind, _, told = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            return base64.b64decode(told).decode() == f"{CLIENT_ID}:{CLIENT_SECRET}"
        return (asked.get("client_id"), asked.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)

    def _json(self, answer: Any, status: int = 200) -> None:
        self._send(json.dumps(answer).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _is_proven(given: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Say whether who brings the code is who asked for it (RFC 7636, S256)."""
    digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    same_address = given["redirect_uri"] == asked.get("redirect_uri")
    return same_address and given.get("code_challenge") == challenge


def _metadata(address: str) -> dict[str, Any]:
    return {
        "issuer": address,
        "authorization_endpoint": f"{address}/authorize",
        "token_endpoint": f"{address}/token",
        "jwks_uri": f"{address}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


@contextlib.contextmanager
def provider_of(people: Mapping[str, Claims]) -> Iterator[Provider]:
    """Serve a provider that knows some people, by the name of their link."""
    with Provider(people) as provider:
        serving = threading.Thread(target=provider.serve_forever, daemon=True)
        serving.start()
        yield provider
        provider.shutdown()
        serving.join()


def secrets_toml(provider: Provider, report: str) -> str:
    """Return the secrets that tell Streamlit of a provider."""
    return f"""
[auth]
redirect_uri = "{report}/oauth2callback"
cookie_secret = "{secrets.token_hex(32)}"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"
"""
