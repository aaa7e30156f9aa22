"""Paging: the ways in which APIs hand out pages, on dlt's paginators.

Each of these returns a maker: a paginator has a state, so every reading needs one of its own.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlt.sources.helpers.rest_client.paginators import BasePaginator

Pages = Callable[[], "BasePaginator"]


def one_page() -> Pages:
    """Everything is in one answer."""

    def made() -> "BasePaginator":
        from dlt.sources.helpers.rest_client.paginators import SinglePagePaginator

        return SinglePagePaginator()

    return made


def page_numbers(
    parameter: str = "page", first: int = 1, total: str | None = None, last: int | None = None
) -> Pages:
    """Pages have numbers; an empty page is the last one.

    Args:
        parameter: the parameter of the number.
        first: the first page's number.
        total: the path of the number of pages in the answer, where it is told.
        last: the highest number that the API answers.
    """

    def made() -> "BasePaginator":
        from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator

        return PageNumberPaginator(
            base_page=first,
            page_param=parameter,
            total_path=total,
            maximum_page=None if last is None else last + 1,
        )

    return made


def offsets(limit: int, parameter: str = "offset", limit_parameter: str = "limit") -> Pages:
    """Pages begin at an offset; an empty page is the last one."""

    def made() -> "BasePaginator":
        from dlt.sources.helpers.rest_client.paginators import OffsetPaginator

        return OffsetPaginator(
            limit, offset_param=parameter, limit_param=limit_parameter, total_path=None
        )

    return made


def cursors(path: str, parameter: str | None = None, body: str | None = None) -> Pages:
    """An answer holds the next page's cursor at a path; without one it is the last.

    Args:
        path: where it stands in the answer.
        parameter: the parameter that sends it.
        body: or the path in the request's JSON body.
    """

    def made() -> "BasePaginator":
        from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

        return JSONResponseCursorPaginator(
            cursor_path=path, cursor_param=parameter, cursor_body_path=body
        )

    return made


def next_links(path: str | None = None) -> Pages:
    """An answer holds the next page's address, at a path or in its Link header."""

    def made() -> "BasePaginator":
        from dlt.sources.helpers.rest_client.paginators import (
            HeaderLinkPaginator,
            JSONLinkPaginator,
        )

        return JSONLinkPaginator(next_url_path=path) if path else HeaderLinkPaginator()

    return made
