"""How people sign in to Airflow: by its own accounts, or where .env names one, by an OIDC provider.

Airflow reads this file as `AIRFLOW__FAB__CONFIG_FILE`. There is no account to begin with.
"""

import json
import os
from typing import Any

from airflow.providers.fab.auth_manager.security_manager.override import (
    FabAirflowSecurityManagerOverride,
)
from flask_appbuilder.const import AUTH_DB, AUTH_OAUTH

METADATA_URL = os.environ.get("AIRFLOW_OIDC_METADATA_URL", "")

WTF_CSRF_ENABLED = True
AUTH_TYPE = AUTH_OAUTH if METADATA_URL else AUTH_DB

if METADATA_URL:
    OAUTH_PROVIDERS = [
        {
            "name": "oidc",
            "icon": "fa-key",
            "token_key": "access_token",
            "remote_app": {
                "client_id": os.environ["AIRFLOW_OIDC_CLIENT_ID"],
                "client_secret": os.environ["AIRFLOW_OIDC_CLIENT_SECRET"],
                "server_metadata_url": METADATA_URL,
                "client_kwargs": {"scope": "openid email profile"},
            },
        }
    ]
    # Who signs in has an account from then on, and at each sign-in the roles of their groups.
    AUTH_USER_REGISTRATION = True
    AUTH_USER_REGISTRATION_ROLE = "Public"
    AUTH_ROLES_SYNC_AT_LOGIN = True
    AUTH_ROLES_MAPPING = json.loads(os.environ.get("AIRFLOW_OIDC_ROLES") or "{}")


class OidcSecurityManager(FabAirflowSecurityManagerOverride):
    """Takes who somebody is from the provider's signed token, whoever the provider is."""

    def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """Return a person's name, address and groups, or nothing where nobody vouches for them."""
        said = resp["userinfo"]
        if not said.get("email") or said.get("email_verified") is False:
            return {}
        return {
            "username": said["email"],
            "email": said["email"],
            "first_name": said.get("given_name", ""),
            "last_name": said.get("family_name", ""),
            "role_keys": said.get("groups", []),
        }


SECURITY_MANAGER_CLASS = OidcSecurityManager
