"""Session: HTTP with patience: limits honoured, hiccups waited out, refusals said in a sentence."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
from requests.adapters import HTTPAdapter

from marketing_warehouse.connectors.rest.refusals import refusal_of
from marketing_warehouse.credentials import Credentials
from marketing_warehouse.errors import (
    CredentialsRefusedError,
    QuotaUsedUpError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
)

CONNECT_SECONDS = 15
READ_SECONDS = 120
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
PASSING = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
UNAUTHORIZED = 401
UNCHANGED = 304
TOO_MANY = 429
LONGER_THAN_TODAY = 3600.0  # who asks for an hour's silence has counted a day's requests

_json = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True)
class Wait:
    """What a vendor's answer asks for before the next request, or before this one once more.

    Attributes:
        seconds: how long; None where it does not say.
        again: whether the request has to be repeated.
        is_daily: whether it is a daily quota that is used up.
    """

    seconds: float | None = None
    again: bool = True
    is_daily: bool = False


Judge = Callable[[requests.Response], Wait | SourceError | None]


@dataclass
class Manners:
    """How one API wants to be asked, and for whom we ask.

    Attributes:
        source: what messages call the source.
        credentials: what must never stand in a message.
        patience_seconds: the longest time to wait in all between two answers.
        judge: a vendor's own reading of an answer: its limits and its errors.
        permission: names the permission that a stream needs, for whoever grants it.
    """

    source: str
    credentials: Credentials
    patience_seconds: float
    judge: Judge = field(default=lambda _: None)
    permission: str = ""


class PatientSession(requests.Session):
    """A session that asks again where that may help, and says why it does not where it cannot."""

    def __init__(self, manners: Manners, url: str, tokens_at: str = "") -> None:
        super().__init__()
        self.manners = manners
        self.trust_env = False  # neither a .netrc's passwords nor proxies from elsewhere
        self._hosts = {urlsplit(each).netloc for each in (url, tokens_at) if each}
        self._tokens_at = tokens_at
        self._renew: Callable[[requests.PreparedRequest], None] | None = None
        self.headers["User-Agent"] = "marketing-warehouse"
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=2))

    def renew_with(self, renew: Callable[[requests.PreparedRequest], None]) -> None:
        """Take what signs a request anew after its token has expired."""
        self._renew = renew

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request until it is answered.

        Raises:
            SourceUnavailableError: it was not answered in time.
            QuotaUsedUpError: the API answers no more today.
            CredentialsRefusedError: we may not ask.
            SourceRefusedError: it does not know what we ask for.
        """
        self._refuse_strangers(request)
        kwargs |= {"timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False}
        patience = Patience(self.manners)
        may_renew = self._renew is not None and request.url != self._tokens_at
        while True:
            answer = self._answer(request, kwargs)
            if isinstance(answer, requests.Response):
                if answer.status_code == UNAUTHORIZED and may_renew and self._renew:
                    self._renew(request)
                    may_renew = False
                    continue
                verdict = self._verdict(answer)
                if verdict is None:
                    return answer
                if isinstance(verdict, SourceError):
                    raise verdict
                patience.wait(verdict)
                if not verdict.again:
                    return answer
            else:
                patience.wait(Wait(), answer)

    def _refuse_strangers(self, request: requests.PreparedRequest) -> None:
        host = urlsplit(str(request.url)).netloc
        if host not in self._hosts:
            raise SourceRefusedError(
                f"Source {self.manners.source}: its API points to another host ({host}), which "
                "gets no credentials of ours; if that is right, mend the address in business.yml."
            )

    def _answer(
        self, request: requests.PreparedRequest, kwargs: dict[str, Any]
    ) -> requests.Response | str:
        """Return an answer that was read to its end, or what went wrong."""
        try:
            answer = super().send(request, **kwargs)
        except requests.exceptions.SSLError:
            raise SourceRefusedError(
                f"Source {self.manners.source}: the certificate of "
                f"{urlsplit(str(request.url)).netloc} is not valid; mend its address, or renew it."
            ) from None
        except requests.Timeout:
            return "it did not answer in time"
        except (requests.RequestException, OSError):
            return "the connection broke off"
        if answer.ok and "json" in answer.headers.get("Content-Type", "json") and answer.content:
            try:
                parsed = exact_json(answer.content)
            except msgspec.MsgspecError:
                return "its answer was cut off or is no JSON"
            answer.json = lambda **_: parsed  # type: ignore[method-assign]  # parsed once, exactly
        return answer

    def _verdict(self, answer: requests.Response) -> Wait | SourceError | None:
        """Return what is to be done about an answer: nothing if it is good."""
        judged = self.manners.judge(answer)
        if judged is not None:
            return judged
        if answer.status_code in PASSING:
            return Wait(_retry_after(answer))
        if answer.status_code < 300 or answer.status_code == UNCHANGED:
            return None
        refusal = refusal_of(answer, self.manners.source, self.manners.permission)
        if answer.url == self._tokens_at and isinstance(refusal, SourceRefusedError):
            return CredentialsRefusedError(
                f"Source {self.manners.source}: its API gave no token for the credentials that it "
                "was shown; they are wrong, expired or withdrawn: renew them."
            )
        return type(refusal)(self.manners.credentials.redacted(str(refusal)))


class Patience:
    """How long one request was waited for, and how much longer it may be."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._began = time.monotonic()
        self._attempts = 0

    def wait(self, asked: Wait, why: str = "it asked us to wait") -> None:
        """Sleep as long as was asked, else longer from time to time; or give up."""
        self._attempts += 1
        seconds = asked.seconds
        if asked.is_daily or (seconds is not None and seconds > LONGER_THAN_TODAY):
            raise QuotaUsedUpError(
                f"Source {self._manners.source}: its API answers no more requests today; what was "
                "landed until then counts, the next load goes on from there."
            )
        if seconds is None:
            longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self._attempts - 1))
            seconds = longest * random.uniform(0.5, 1)  # noqa: S311  # so that not all come at once
        waited = time.monotonic() - self._began
        if asked.again and waited + seconds > self._manners.patience_seconds:
            raise SourceUnavailableError(
                f"Source {self._manners.source}: its API gave no answer in {waited:.0f} seconds "
                f"and {self._attempts} attempts ({why}); try again later."
            )
        time.sleep(seconds)


def exact_json(content: bytes) -> Any:
    """Parse JSON with its numbers as they are written: whole ones as int, others as Decimal."""
    return _json.decode(content)


def _retry_after(answer: requests.Response) -> float | None:
    """Return the seconds that an answer asks to wait, given as a number or as a date."""
    said = answer.headers.get("Retry-After", "").strip()
    if not said:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
