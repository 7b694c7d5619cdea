"""Token requests and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ..web.schema import Strict

_TOKENS = {
    "tokenUrl": "/oauth/token",
    "scopes": {"all": "What the application and its user may do."},
}
_REFRESHED = {**_TOKENS, "refreshUrl": "/oauth/token"}
#: The ways to a token, as OpenAPI has them.
GRANTS: Mapping[str, Any] = {
    "oauth2": {
        "type": "oauth2",
        "description": "The grants by which a token is had.",
        "flows": {
            "clientCredentials": _TOKENS,
            "authorizationCode": {**_REFRESHED, "authorizationUrl": "/oauth/authorize"},
            "password": _REFRESHED,
        },
    },
}


class Credentials(Strict):
    """The application that asks."""

    client_id = fields.String(metadata={"description": "The application's id."})
    client_secret = fields.String(metadata={"description": "The application's secret."})
    application_id = fields.String(metadata={"description": "Another name of client_id."})
    application_secret = fields.String(metadata={"description": "Another name of client_secret."})


class TokenIn(Credentials):
    """Which token is asked for."""

    example: ClassVar[Mapping[str, Any]] = {
        "grant_type": "client_credentials",
        "client_id": "app",
        "client_secret": "secret",
    }

    grant_type = fields.String(
        metadata={
            "description": "client_credentials, password, authorization_code or refresh_token."
        }
    )
    username = fields.String(metadata={"description": "With the grant password."})
    password = fields.String(metadata={"description": "With the grant password."})
    refresh_token = fields.String(metadata={"description": "With the grant refresh_token."})
    code = fields.String(metadata={"description": "With the grant authorization_code."})
    redirect_uri = fields.String(
        metadata={"description": "With the grant authorization_code: the one of the code."}
    )
    scope = fields.String(metadata={"description": "Accepted; the scope is always all."})


class AuthorizeIn(Strict):
    """What a user is asked to allow."""

    example: ClassVar[Mapping[str, Any]] = {
        "response_type": "code",
        "client_id": "web-app",
        "application_id": "web-app",
        "redirect_uri": "https://crm.example.com/back",
        "scope": "all",
        "state": "4711",
    }

    response_type = fields.String(metadata={"description": "code."})
    client_id = fields.String(metadata={"description": "The application's id."})
    application_id = fields.String(metadata={"description": "Another name of client_id."})
    redirect_uri = fields.String(metadata={"description": "Where the code is sent."})
    scope = fields.String(metadata={"description": "Accepted; the scope is always all."})
    state = fields.String(metadata={"description": "Sent back with the code."})


class LoginIn(Strict):
    """The user's answer."""

    example: ClassVar[Mapping[str, Any]] = {"username": "admin", "password": "secret"}

    username = fields.String()
    password = fields.String()
    answer = fields.String(metadata={"description": "deny refuses; anything else allows."})


class RevokeIn(Credentials):
    """The token that is to be forgotten."""

    example: ClassVar[Mapping[str, Any]] = {
        "client_id": "app",
        "client_secret": "secret",
        "token": "8SNsrS0jV35vfmKqKeKtRrHfpbg4UX",
    }

    token = fields.String(metadata={"description": "An access or a refresh token."})


class TokenOut(Strict):
    """A token."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    scope = fields.String()
    refresh_token = fields.String()


class RevokeOut(Strict):
    """Nothing."""


class OAuthError(Strict):
    """Why no token was given."""

    #: What is said, by status code.
    said: ClassVar[Mapping[int, Any]] = {
        400: {"error": "invalid_request", "error_description": "grant_type is missing"},
        401: {"error": "invalid_client", "error_description": "the application is not known"},
        404: {"error": "invalid_request", "error_description": "nobody asked for that login"},
    }

    error = fields.String(required=True)
    error_description = fields.String()
