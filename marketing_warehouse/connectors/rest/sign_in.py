"""Sign in: the ways in which APIs know us; each says which credentials it needs.

Built on dlt's authenticators, imported only when a source is read.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketing_warehouse.errors import CredentialsRefusedError

if TYPE_CHECKING:
    from requests import Session
    from requests.auth import AuthBase

    from marketing_warehouse.credentials import Credentials

GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"


@dataclass(frozen=True)
class SignIn:
    """A way to sign in.

    Attributes:
        fields: the credentials that it needs.
        made: makes the authenticator of them, given the session and the address that tokens are
            fetched with.
        tokens_at: that address, with the source's options in braces; empty where none is needed.
    """

    fields: tuple[str, ...]
    made: Callable[["Credentials", "Session", str], "AuthBase | None"]
    tokens_at: Callable[["Credentials"], str] = lambda _: ""


def nobody() -> SignIn:
    """Sign in nowhere: the API is open."""
    return SignIn((), lambda *_: None)


def bearer(field: str = "access_token") -> SignIn:
    """Sign in with a token that does not expire by itself."""

    def made(credentials: "Credentials", *_: object) -> "AuthBase":
        from dlt.sources.helpers.rest_client.auth import BearerTokenAuth

        return BearerTokenAuth(token=credentials[field])

    return SignIn((field,), made)


def basic(user: str = "login", password: str = "password") -> SignIn:  # noqa: S107  # names of fields
    """Sign in with a name and a password."""

    def made(credentials: "Credentials", *_: object) -> "AuthBase":
        from dlt.sources.helpers.rest_client.auth import HttpBasicAuth

        return HttpBasicAuth(username=credentials[user], password=credentials[password])

    return SignIn((user, password), made)


def headers(**fields: str) -> SignIn:
    """Sign in with headers: `headers(X_App_Id="app_id")` sends the field app_id as X-App-Id."""

    def made(credentials: "Credentials", *_: object) -> "AuthBase":
        said = {name.replace("_", "-"): credentials[field] for name, field in fields.items()}
        return _signed(lambda request: request.headers.update(said))

    return SignIn(tuple(fields.values()), made)


def parameter(name: str, field: str) -> SignIn:
    """Sign in with a parameter of the address, where an API knows nothing better."""

    def made(credentials: "Credentials", *_: object) -> "AuthBase":
        from dlt.sources.helpers.rest_client.auth import APIKeyAuth

        return APIKeyAuth(name=name, api_key=credentials[field], location="query")

    return SignIn((field,), made)


def _signed(sign: Callable[[Any], None]) -> "AuthBase":
    from requests.auth import AuthBase

    class Signed(AuthBase):
        def __call__(self, request: Any) -> Any:
            sign(request)
            return request

    return Signed()


def refresh_token(
    tokens_at: str,
    fields: tuple[str, ...] = ("client_id", "client_secret", "refresh_token"),
    more: Mapping[str, str] | None = None,
) -> SignIn:
    """Sign in by OAuth 2 with a refresh token, which buys short-lived ones.

    Args:
        tokens_at: the address of the token endpoint; the credential `token_url` goes before it.
        fields: the credentials' names of the client, its secret and the refresh token.
        more: what the endpoint wants to be told besides, such as the scope.
    """
    client, secret, token = fields

    def made(credentials: "Credentials", session: "Session", address: str) -> "AuthBase":
        grant = {"grant_type": "refresh_token", "refresh_token": credentials[token]}
        pair = credentials[client], credentials[secret]
        return _bought(session, address, pair, {**grant, **(more or {})})

    def where(credentials: "Credentials") -> str:
        return credentials.get("token_url", tokens_at)

    return SignIn(fields, made, where)


def client_credentials(tokens_at: str, header: str = "Authorization") -> SignIn:
    """Sign in by OAuth 2 as the client itself.

    A credential `refresh_token` goes before, and an `access_token`, which lasts, before both.

    Args:
        tokens_at: the address of the token endpoint; the credential `token_url` goes before it.
        header: what carries the token, bare where it is not Authorization.
    """
    by_token = refresh_token(tokens_at)

    def made(credentials: "Credentials", session: "Session", address: str) -> "AuthBase | None":
        if "access_token" in credentials:
            is_bare = header != "Authorization"
            return (headers(**{header: "access_token"}) if is_bare else bearer()).made(
                credentials, session, address
            )
        if "refresh_token" in credentials:
            return by_token.made(credentials, session, address)
        pair = credentials["client_id"], credentials["client_secret"]
        bought = _bought(session, address, pair, {"grant_type": "client_credentials"})
        return bought if header == "Authorization" else _carried(bought, header)

    return SignIn(("client_id", "client_secret"), made, by_token.tokens_at)


def _carried(bought: Any, header: str) -> "AuthBase":
    """Return a bought token's authenticator that sends it bare, in a header of its own."""
    from requests.auth import AuthBase

    class Carried(AuthBase):
        obtain_token = bought.obtain_token

        def __call__(self, request: Any) -> Any:
            bought(request)
            said = request.headers.pop("Authorization")
            request.headers[header] = said.removeprefix("Bearer ")
            return request

    return Carried()


def _bought(
    session: "Session", address: str, client: tuple[str, str], grant: Mapping[str, str]
) -> "AuthBase":
    from dlt.sources.helpers.rest_client.auth import OAuth2ClientCredentials

    return OAuth2ClientCredentials(
        access_token_url=address,
        client_id=client[0],
        client_secret=client[1],
        access_token_request_data=dict(grant),
        session=session,
    )


def service_account(*scopes: str, field: str = "service_account") -> SignIn:
    """Sign in as a Google service account, whose JSON key is one credential."""

    def key(credentials: "Credentials") -> dict[str, Any]:
        try:
            said: dict[str, Any] = json.loads(credentials[field])
        except ValueError:
            raise CredentialsRefusedError(
                f"The credential {field} is not the JSON key of a service account: "
                "download the key anew and hand it over whole."
            ) from None
        return said

    def made(credentials: "Credentials", session: "Session", address: str) -> "AuthBase":
        from dlt.sources.helpers.rest_client.auth import OAuthJWTAuth

        said = key(credentials)
        return OAuthJWTAuth(
            client_id=said["client_email"],
            private_key=said["private_key"],
            auth_endpoint=address,
            scopes=list(scopes),
            session=session,
        )

    def where(credentials: "Credentials") -> str:
        return str(key(credentials).get("token_uri", GOOGLE_TOKENS))

    return SignIn((field,), made, where)


def either(*ways: SignIn) -> SignIn:
    """Sign in the first way whose credentials are all there; what lacks is told of the first."""

    def chosen(credentials: "Credentials") -> SignIn:
        complete = (way for way in ways if all(field in credentials for field in way.fields))
        return next(complete, ways[0])

    return SignIn(
        ways[0].fields,
        lambda credentials, *told: chosen(credentials).made(credentials, *told),
        lambda credentials: chosen(credentials).tokens_at(credentials),
    )
