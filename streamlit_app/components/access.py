"""Access: who may see the report, and how much of it.

With sign-in configured (`[auth]` in Streamlit's secrets) everyone signs in, and business.yml says
who has which role. Without it the report shows its numbers on this machine alone.
"""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from components.signed_cookie import signed_in
from marketing_warehouse import read
from marketing_warehouse.report_settings import Role, Roles, read_report_settings
from reporting.language import say

# What a proxy adds; one that speaks for people elsewhere needs a sign-in behind it.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host")


def role() -> Role | None:
    """Return the visitor's role; without sign-in, whoever sits at this machine owns it."""
    if not sign_in_is_configured():
        return Role.OWNER
    return role_of(st.user.to_dict()) if st.user.is_logged_in else None


def may_query() -> bool:
    """Say whether the visitor may ask in SQL."""
    return role() in (Role.OWNER, Role.ANALYST)


def may_see_leads() -> bool:
    """Say whether the visitor may see single leads, and single rows that did not fit or failed."""
    return role() in (Role.OWNER, Role.ANALYST)


def may_open_data_docs(cookies: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Say whether whoever sent a request may read the audits' pages, failing rows included."""
    if not sign_in_is_configured():
        return is_on_this_machine(headers)
    return role_of(signed_in(cookies)) in (Role.OWNER, Role.ANALYST)


def show_visitor() -> None:
    """Show who is signed in and how to sign out; without sign-in, who can open the report."""
    if not sign_in_is_configured():
        st.caption(
            say("This machine only"),
            help=say("No sign-in is set up, so this report opens on this machine only."),
            width="content",
        )
        return
    person = st.user.to_dict()
    with st.popover(str(person.get("name") or address(person)), icon=":material/person:"):
        st.caption(say("Signed in as {address}.", address=address(person)))
        st.caption(_words()[role() or Role.VIEWER])
        st.button(say("Sign out"), on_click=st.logout, key="sign_out")


# ------------------------------------------------------------------------------ who has which role


def sign_in_is_configured() -> bool:
    """Say whether Streamlit's secrets name somebody who vouches for visitors."""
    return bool(st.secrets.load_if_toml_exists() and st.secrets.get("auth"))


def role_of(person: Mapping[str, Any]) -> Role | None:
    """Return the role of a person, by what their sign-in says of them.

    An address that the sign-in expressly does not vouch for is nobody's.
    """
    own = address(person)
    return _roles().of(own) if own and not is_doubtful(person) else None


def address(person: Mapping[str, Any]) -> str:
    """Return a person's e-mail address, or nothing where their sign-in says none."""
    return str(person.get("email") or "")


def is_doubtful(person: Mapping[str, Any]) -> bool:
    """Say whether a sign-in expressly does not vouch for its address."""
    return str(person.get("email_verified", True)).lower() == "false"


def _roles() -> Roles:
    """Return the roles of business.yml as it is now; where it cannot be read, nobody has one."""
    try:
        file = read.home_from_environment().business_yml
        written = file.stat()
        return _roles_written(file, written.st_mtime_ns, written.st_size)
    except (read.WarehouseError, OSError):
        return Roles()


@lru_cache(maxsize=4)
def _roles_written(file: Path, _modified: int, _size: int) -> Roles:
    return read_report_settings(file).roles


# ------------------------------------------------------------------------------ where it is served


def is_on_this_machine(headers: Mapping[str, str]) -> bool:
    """Say whether the server listens on this machine alone and the visitor sits at it."""
    listens_here = read.report_is_local() or is_loopback(st.get_option("server.address"))
    asked_for = headers.get("Host")
    return (
        listens_here
        and (asked_for is None or is_loopback(urlsplit(f"//{asked_for}").hostname))
        and not any(name in headers for name in FORWARDED)
    )


def is_loopback(address: str | None) -> bool:
    """Say whether an address is this machine's own; None is every address that it has."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _words() -> dict[Role, str]:
    return {
        Role.OWNER: say("Your role is owner: you see everything."),
        Role.ANALYST: say("Your role is analyst: you see everything and ask in SQL."),
        Role.VIEWER: say("Your role is viewer: you see the numbers, no single leads and no SQL."),
    }
