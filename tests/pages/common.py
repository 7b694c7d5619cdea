"""What several pages of the documentation state in the same words."""

from __future__ import annotations

from .statement import Statement

_SITE = "it is a page of the vendor's site; such a browser can load mockpbx's OpenAPI document"

#: At the head of each page.
HEAD = (
    Statement("The methods can be tried in a browser of the API, without code.", (), _SITE),
    Statement(
        "Some resources are closed to some types of application.", ("AUT-9", "AUT-10", "ERR-5")
    ),
)

#: Around the commands of each example.
EXAMPLE = (
    Statement(
        "The id and the secret that an application was registered with give an access token.",
        ("AUT-1", "AUT-3"),
    ),
    Statement("The token is entered into a field of the API's browser.", (), _SITE),
    Statement("The API is at `/api/ver1.0` of the operator's host.", ("GEN-1",)),
    Statement(
        "The token, such as the printed one, goes into the header `Authorization: Bearer`.",
        ("AUT-11", "AUT-19"),
    ),
)
