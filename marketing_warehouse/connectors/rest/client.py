"""Client: one source's API, signed in and asked with patience; pages of records come out."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from requests import PreparedRequest, Response

from marketing_warehouse.connectors.pieces import Reading
from marketing_warehouse.connectors.rest.downloads import lines
from marketing_warehouse.connectors.rest.options import ApiOptions
from marketing_warehouse.connectors.rest.session import Manners, PatientSession
from marketing_warehouse.connectors.rest.streams import Api, Ask, Request, Stream
from marketing_warehouse.connectors.rest.values import Record, at
from marketing_warehouse.errors import SourceRefusedError


class Client:
    """One source's API.

    Attributes:
        reading: the source, its options and credentials.
        options: the source's options.
        session: what asks.
    """

    def __init__(self, api: Api, reading: Reading) -> None:
        # dlt takes a second to import, and business.yml is read without it.
        from dlt.common.configuration.specs import RuntimeConfiguration
        from dlt.sources.helpers.rest_client.client import RESTClient

        self.reading = reading
        self.options = cast(ApiOptions, reading.source.options)
        url, credentials = api.address(self.options), reading.credentials
        manners = Manners(
            reading.source.name, credentials, self.options.patience_seconds, api.judge
        )
        tokens_at = api.sign_in.tokens_at(credentials).format_map(self.options.model_dump())
        self.session = PatientSession(manners, url, tokens_at)
        sign_in = api.sign_in.made(credentials, self.session, tokens_at)
        if sign_in is not None and hasattr(sign_in, "obtain_token"):

            def renew(request: PreparedRequest) -> None:
                sign_in.obtain_token()
                sign_in(request)

            self.session.renew_with(renew)
        self._rest = RESTClient(
            url,
            headers=dict(api.headers),
            auth=sign_in,
            session=self.session,
            config=RuntimeConfiguration(),
        )

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """Return what stands at a path, parsed exactly."""
        return self._rest.get(path, params=dict(params or {})).json()

    def post(self, path: str, body: Any) -> Any:
        """Return what an API answers to a JSON body, parsed exactly."""
        return self._rest.post(path, json=body).json()

    def lines(self, url: str) -> Iterator[bytes]:
        """Yield the lines of a file that the API has made, wherever it lies."""
        return lines(url, self.session.manners)

    def answer(self, path: str = "", headers: Mapping[str, str] | None = None) -> Response:
        """Return a whole answer, of whatever kind, as it came."""
        return self._rest.get(path, headers=dict(headers or {}))

    def pages(self, stream: Stream, ask: Ask) -> Iterator[list[Record]]:
        """Yield the records of a stream, a page at a time.

        Raises:
            SourceError: the API said no, or not what it is known to say.
        """
        self.session.manners.permission = stream.permission
        if stream.fetch:
            yield from stream.fetch(self, ask)
            return
        yield from self.pages_of(stream.request(ask), stream)

    @contextmanager
    def needing(self, permission: str) -> Iterator[None]:
        """Name the permission that a look-up beside a stream needs, if it is refused."""
        manners = self.session.manners
        before, manners.permission = manners.permission, permission
        try:
            yield
        finally:
            manners.permission = before

    def pages_of(self, request: Request, stream: Stream) -> Iterator[list[Record]]:
        """Yield the records of a request, a page at a time, as a stream has them."""
        pages = self._rest.paginate(
            request.path,
            method="GET" if request.body is None else "POST",
            params=dict(request.params),
            json=copy.deepcopy(request.body),
            headers=dict(request.headers),
            paginator=stream.pages(),
            data_selector=stream.records,
            hooks={"response": []},
        )
        for page in pages:
            if not page and not stream.may_omit_records:
                path = stream.records.removeprefix("$").split("[*]")[0].strip(".")
                self.records_in(page.response.json(), path, stream.called())
            yield list(page)

    def records_in(self, answer: Any, path: str, called: str) -> list[Record]:
        """Return the records that stand at a path of an answer.

        Raises:
            SourceRefusedError: there is no list: none is not the same as no field.
        """
        found = at(path)(answer) if path else answer
        if isinstance(found, list):
            return found
        raise SourceRefusedError(
            f"Source {self.reading.source.name}: the answer for {called} has no list "
            f"{path or 'of records'}: its API has changed; update the warehouse, or mend the "
            "source in business.yml."
        )
