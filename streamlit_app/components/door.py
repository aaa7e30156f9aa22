"""Door: what a visitor sees who may not see the report, or not yet."""

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from components import access, choice, widgets
from reporting.language import say


def admit() -> None:
    """Let a visitor in, or show what they have to do, and end the run there."""
    if not access.sign_in_is_configured():
        if not access.is_on_this_machine(st.context.headers):
            _refuse_to_strangers()
        return
    if not st.user.is_logged_in:
        _ask_to_sign_in()
    if access.role() is None:
        _refuse_without_role()


def _ask_to_sign_in() -> NoReturn:
    _begin()
    st.write(say("Sign in to see it."))
    named = [name for name, section in st.secrets["auth"].items() if isinstance(section, Mapping)]
    providers = [name for name in named if name != "client_kwargs"]
    if "client_id" in st.secrets["auth"]:
        st.button(say("Sign in"), type="primary", on_click=st.login, key="sign_in")
    for name in providers:
        st.button(
            say("Sign in with {provider}", provider=name.capitalize()),
            type="primary",
            on_click=st.login,
            args=(name,),
            key=f"sign_in_{name}",
        )
    st.stop()


def _refuse_without_role() -> NoReturn:
    _begin()
    person = st.user.to_dict()
    if not access.address(person) or access.is_doubtful(person):
        st.warning(
            say(
                "Your sign-in does not vouch for an e-mail address, and this report knows people "
                "by theirs: confirm your address where you signed in, then sign in again."
            )
        )
    else:
        st.warning(
            say(
                "{address} has no role in this report yet. Its owner can give you one: under "
                "`report: roles:` in business.yml.",
                address=access.address(person),
            )
        )
    st.button(say("Sign out"), on_click=st.logout, key="sign_out")
    st.stop()


def _refuse_to_strangers() -> NoReturn:
    _begin()
    st.error(
        say(
            "This report can be reached from other machines, and it does not ask who you are. "
            "So it shows no numbers. Set up the sign-in, or serve it on 127.0.0.1 alone and open "
            "it there: docs/sign_in.md says how."
        )
    )
    st.stop()


def _begin() -> None:
    widgets.spoken(choice.change)
    st.title(say("The report"))
