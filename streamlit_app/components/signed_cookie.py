"""Signed cookie: who is signed in, for what is served beside the pages.

Pages have `st.user`; a route of its own sees a request only, so it reads the cookie that the
sign-in left with the browser, and believes it under the same conditions as Streamlit does.
"""

import json
from collections.abc import Mapping
from typing import Any

from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


def signed_in(cookies: Mapping[str, str]) -> dict[str, Any]:
    """Return what the sign-in says of whoever sent these cookies, or nothing."""
    secret = get_cookie_secret()

    def part(name: str) -> bytes | None:
        written = cookies.get(name)
        # Browsers send cookies as Latin-1.
        return decode_signed_value(secret, name, written.encode("latin-1")) if written else None

    told = get_cookie_with_chunks(part, USER_COOKIE_NAME)
    try:
        person = json.loads(told or b"{}")
    except ValueError:
        return {}
    is_ours = person.get("origin") == get_origin_from_redirect_uri()
    return person if is_ours and person.get("is_logged_in") else {}
