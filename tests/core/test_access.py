"""Who reaches what: levels of users, @me and names in paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import answered, json_of, refused
from tests.conftest import Caller, token_of

MakeCaller = Callable[..., Caller]

DENIED = {"message": "Access denied", "status": "access_denied"}
FOREIGN = (403, DENIED, "ERR-2", "doc")
NOT_ME = (403, DENIED, "AUT-16", "doc, assumed")
UNKNOWN = (404, {"message": "Not found"}, "ERR-6", "doc, observed")

#: Resources of one extension.
OF_EXTENSION = ["phone/", "registration/", "event/"]
#: Resources of a whole client.
OF_CLIENT = ["client/", "extension/", "extension/85218", "extensions_bundle/85218", "limit/"]

WORLD: dict[str, Any] = {
    "format": 1,
    "clients": [
        {
            "id": number,
            "name": f"Client {number}",
            "prefix": prefix,
            "domain": "sip.example.com",
            "extension_groups": [{"id": number * 10, "name": "Sales"}],
            "extensions": [
                {"id": number * 100 + 1, "name": "101", "type": "phone"},
                {"id": number * 100 + 2, "name": "102", "type": "phone"},
            ],
            "users": [
                {"id": number, "login": f"client{number}", "password": "secret"},
                {
                    "id": number * 10,
                    "login": f"group{number}",
                    "password": "secret",
                    "extension_group": "Sales",
                },
            ],
            "applications": [
                {
                    "client_id": "desktop" if number == 1 else "app",
                    "client_secret": "secret",
                    "type": "password_credentials" if number == 1 else "trusted",
                    "user": f"client{number}",
                }
            ],
        }
        for number, prefix in ((1, "1844"), (2, "1845"))
    ],
}


@pytest.mark.fact("AUT-15", "AUT-16")
@pytest.mark.parametrize("user", ["admin", "auditor"])
@pytest.mark.parametrize("resource", OF_CLIENT)
def test_a_client_user_reaches_its_client(
    make_caller: MakeCaller, user: str, resource: str
) -> None:
    """A user of a whole client reads everything in the client realm, by id and as @me."""
    caller = make_caller("office", user=user)
    by_id = caller.get(f"/client/2566/{resource}")
    assert (by_id.status_code, answered(caller.get(f"/client/@me/{resource}"))) == (
        200,
        answered(by_id),
    )


@pytest.mark.fact("AUT-15", "AUT-16")
@pytest.mark.parametrize("resource", OF_EXTENSION)
@pytest.mark.parametrize(
    ("user", "extensions"),
    [
        ("admin", [*range(85218, 85228)]),
        ("auditor", [*range(85218, 85228)]),
        ("sales", [85220, 85221]),
        ("anna", [85218]),
    ],
)
def test_a_user_reaches_the_extensions_of_its_level(
    make_caller: MakeCaller, user: str, extensions: list[int], resource: str
) -> None:
    """All of the client, those of one group, or one: exactly these are served."""
    caller = make_caller("office", user=user)
    served = [
        extension
        for extension in range(85218, 85228)
        if caller.get(f"/extension/{extension}/{resource}").status_code == 200
    ]
    assert served == extensions


@pytest.mark.fact("AUT-15", "ERR-2")
@pytest.mark.parametrize("resource", OF_EXTENSION)
@pytest.mark.parametrize(
    ("user", "extension"), [("sales", 85218), ("sales", 96857), ("anna", 85219), ("anna", 96857)]
)
def test_an_extension_beyond_the_level_is_denied(
    make_caller: MakeCaller, user: str, extension: int, resource: str
) -> None:
    """An extension outside the user's group, or another than its own, is a 403."""
    caller = make_caller("office", user=user)
    assert refused(caller.get(f"/extension/{extension}/{resource}")) == FOREIGN


@pytest.mark.fact("AUT-15", "AUT-16", "ERR-2")
@pytest.mark.parametrize("resource", OF_CLIENT)
@pytest.mark.parametrize("user", ["sales", "anna"])
def test_lower_users_do_not_reach_the_client_realm(
    make_caller: MakeCaller, user: str, resource: str
) -> None:
    """A user of a group or of one extension gets a 403 in the realm of its own client."""
    caller = make_caller("office", user=user)
    assert refused(caller.get(f"/client/2566/{resource}")) == FOREIGN


@pytest.mark.fact("AUT-15")
def test_a_group_user_follows_the_group(office: Caller) -> None:
    """An extension is reached while it is in the group, and not before or afterwards."""
    login = {"client_id": "desktop", "client_secret": "secret", "password": "secret"}
    sales = Caller(
        office.app, token_of(office.app, grant_type="password", username="sales", **login)
    )
    seen = [sales.get("/extension/85222/phone/").status_code]
    for group in (14, None):
        office.put("/client/2566/extension/85222", json={"extension_group_id": group})
        seen.append(sales.get("/extension/85222/phone/").status_code)
    assert seen == [403, 200, 403]


@pytest.mark.fact("AUT-15")
def test_a_group_of_the_same_name_elsewhere_is_another_group(make_caller: MakeCaller) -> None:
    """A group user does not reach an extension of another client's group."""
    world = {**WORLD, "clients": [dict(client) for client in WORLD["clients"]]}
    for client in world["clients"]:
        client["extensions"] = [
            {**extension, "extension_group": "Sales"} for extension in client["extensions"]
        ]
    caller = make_caller(world, user="group1")
    assert [caller.get(f"/extension/{number}/phone/").status_code for number in (101, 201)] == [
        200,
        403,
    ]


@pytest.mark.fact("AUT-15", "ERR-4")
def test_a_read_only_user_changes_nothing(make_caller: MakeCaller) -> None:
    """A user with the access read_only gets a 403 for anything but GET."""
    caller = make_caller("office", user="auditor", freeze=True)
    before = caller.state()
    answer = caller.put("/extension/85218/phone/", json={"label": "Desk"})
    body = {"message": "User access type deny", "status": "user_access_type_deny"}
    assert refused(answer) == (403, body, "ERR-4", "doc")
    assert caller.state() == before


@pytest.mark.fact("AUT-15")
@pytest.mark.parametrize(("user", "path"), [("sales", "85220"), ("anna", "@me")])
def test_lower_users_change_what_they_reach(make_caller: MakeCaller, user: str, path: str) -> None:
    """A user with the access full may change the extensions of its level."""
    answer = make_caller("office", user=user).put(
        f"/extension/{path}/phone/", json={"label": "Desk"}
    )
    assert (answer.status_code, json_of(answer)["label"]) == (200, "Desk")


@pytest.mark.fact("AUT-16", "AUT-17")
@pytest.mark.parametrize("resource", OF_EXTENSION)
@pytest.mark.parametrize("path", ["@me", "@101", "@2566*101"])
def test_an_extension_user_names_its_own(make_caller: MakeCaller, path: str, resource: str) -> None:
    """For an extension user @me, the number and the whole name are the same as the id."""
    caller = make_caller("office", user="anna", freeze=True)
    by_id = caller.get(f"/extension/85218/{resource}")
    assert (by_id.status_code, answered(caller.get(f"/extension/{path}/{resource}"))) == (
        200,
        answered(by_id),
    )


@pytest.mark.fact("AUT-16")
@pytest.mark.parametrize("resource", OF_EXTENSION)
@pytest.mark.parametrize("user", ["admin", "sales"])
def test_me_is_no_extension_for_others(make_caller: MakeCaller, user: str, resource: str) -> None:
    """@me in the extension realm is a 403 for a user of a client or a group."""
    assert refused(make_caller("office", user=user).get(f"/extension/@me/{resource}")) == NOT_ME


@pytest.mark.fact("AUT-16")
@pytest.mark.parametrize("resource", OF_CLIENT)
@pytest.mark.parametrize("user", ["sales", "anna"])
def test_me_is_no_client_for_lower_users(make_caller: MakeCaller, user: str, resource: str) -> None:
    """@me in the client realm is a 403 for a user of a group or of one extension."""
    assert refused(make_caller("office", user=user).get(f"/client/@me/{resource}")) == NOT_ME


@pytest.mark.fact("AUT-17")
@pytest.mark.parametrize("path", ["@102", "@1844*102"])
def test_a_name_is_one_of_the_users_client(make_caller: MakeCaller, path: str) -> None:
    """Two clients have a 102; without a prefix the user's own is meant."""
    caller = make_caller(WORLD, user="client1")
    answer = caller.get(f"/extension/{path}/registration/")
    assert answered(answer) == (
        200,
        {"registered": False, "extension_id": 102, "registrations": []},
    )


@pytest.mark.fact("AUT-17", "ERR-2")
def test_a_name_of_another_client_is_denied(make_caller: MakeCaller) -> None:
    """A whole name with another client's prefix is that client's extension: 403."""
    caller = make_caller(WORLD, user="client1")
    assert refused(caller.get("/extension/@1845*102/registration/")) == FOREIGN


@pytest.mark.fact("AUT-17", "ERR-2")
@pytest.mark.parametrize(("user", "path"), [("anna", "@102"), ("sales", "@101")])
def test_a_name_reaches_no_further_than_an_id(
    make_caller: MakeCaller, user: str, path: str
) -> None:
    """A name beyond the user's level is a 403, as its id is."""
    caller = make_caller("office", user=user)
    assert refused(caller.get(f"/extension/{path}/registration/")) == FOREIGN


@pytest.mark.fact("AUT-17", "ERR-6")
@pytest.mark.parametrize("path", ["@999", "@2566*999", "@9999*101", "@", "@*101", "@@101", "101"])
def test_a_name_that_nobody_has_is_not_found(office: Caller, path: str) -> None:
    """An unknown name, and a number without an @ that is no id, is a 404."""
    assert refused(office.get(f"/extension/{path}/registration/")) == UNKNOWN


@pytest.mark.fact("AUT-15", "ERR-2")
@pytest.mark.parametrize("number", [201, 202])
def test_another_clients_extension_is_denied(make_caller: MakeCaller, number: int) -> None:
    """A user of a whole client does not reach the extensions of another one."""
    caller = make_caller(WORLD, user="client1")
    assert refused(caller.get(f"/extension/{number}/phone/")) == FOREIGN
