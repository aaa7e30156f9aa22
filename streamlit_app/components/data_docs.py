"""Data Docs: the audits' own pages, served beside the report and linked from it."""

import os
from collections.abc import MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from components import access
from marketing_warehouse import read

ADDRESS = "data_docs"


class DataDocs(StaticFiles):
    """Serves the files of one folder, the home's Data Docs, and nothing beside it."""

    def __init__(self) -> None:
        # The folder appears with the first audit, which may come after the report was started.
        super().__init__(html=True, check_dir=False)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        try:
            folder = read.home_from_environment().data_docs.parent
        except read.WarehouseError:
            return "", None
        self.all_directories = [folder]
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        request = Request(dict(scope))
        if not access.may_open_data_docs(request.cookies, request.headers):
            return Response(
                "The Data Docs are for signed-in owners and analysts: sign in to the report first.",
                403,
                media_type="text/plain",
            )
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            return Response("There is no such page in the Data Docs.", 404, media_type="text/plain")


def route() -> Mount:
    """Return the route under which the Data Docs are served."""
    return Mount(f"/{ADDRESS}", app=DataDocs())
