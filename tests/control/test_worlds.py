"""`/worlds/{name}/…`: other worlds on the same server."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mockpbx import Config, World, create_app, worlds
from mockpbx.core.worlds import Worlds

from ..answers import json_of
from ..conftest import API, Caller, token_of

MakeCaller = Callable[..., Caller]

APP = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
EXTENSIONS = f"{API}/client/2566/extension/"


@pytest.fixture
def there(make_caller: MakeCaller) -> Caller:
    """The default world of a server, with a token that every world of it knows."""
    office = json.loads(worlds.find("office").read_text(encoding="utf-8"))
    application = office["clients"][0]["applications"][0]
    application["tokens"] = [{"token": "known", "user": application["user"]}]
    found = make_caller(office, alone=True, freeze=True)
    found.token = "known"
    return found


def extensions(there: Caller, door: str) -> list[str]:
    """The names of the extensions behind that door."""
    answer = there.get(f"{door}{EXTENSIONS}")
    assert answer.status_code == 200
    return [item["name"] for item in json.loads(answer.text)]


def test_a_world_is_made_on_first_use(make_caller: MakeCaller) -> None:
    """A world that nobody used is as the server's was started."""
    there = make_caller("office", alone=True)
    answer = there.get("/worlds/new/_mockpbx/health")
    assert (answer.status_code, json.loads(answer.text)["world"]) == (200, "office")


def test_worlds_do_not_meet(there: Caller) -> None:
    """What changes in one world changes in no other."""
    before = extensions(there, "")
    body = {"name": "120", "type": "phone"}
    assert there.post(f"/worlds/a{EXTENSIONS}", json=body).status_code == 201
    assert extensions(there, "/worlds/a") == [*before, "2566*120"]
    assert extensions(there, "/worlds/b") == extensions(there, "") == before


def test_a_token_is_of_one_world(there: Caller) -> None:
    """A token that was revoked in one world is good in the others."""
    secret = {"client_id": "app", "client_secret": "secret", "token": there.token}
    there.post("/worlds/a/oauth/revoke", data=secret)
    doors = ("/worlds/a", "/worlds/b", "")
    assert [there.get(f"{door}{API}/user/").status_code for door in doors] == [401, 200, 200]


def test_each_world_has_its_clock(there: Caller) -> None:
    """Time moves in one world only."""
    there.post("/worlds/a/_mockpbx/clock/advance", json={"seconds": 3600})
    doors = ("/worlds/a", "/worlds/b", "")
    assert [there.get(f"{door}{API}/user/").status_code for door in doors] == [401, 200, 200]


def test_each_world_has_its_journal(there: Caller) -> None:
    """A request is listed in the journal of its world only, without the door in its path."""
    for door in ("/worlds/a", "/worlds/b", ""):
        there.delete(f"{door}/_mockpbx/requests")
    there.get(f"/worlds/a{API}/user/")
    found = {}
    for door in ("/worlds/a", "/worlds/b", ""):
        entries = json.loads(there.get(f"{door}/_mockpbx/requests").text)["requests"]
        found[door] = [entry["path"] for entry in entries]
    assert found == {"/worlds/a": [f"{API}/user/"], "/worlds/b": [], "": []}


def test_each_world_has_its_snapshots_and_notes(there: Caller) -> None:
    """Snapshots and notes are of one world."""
    there.post("/worlds/a/_mockpbx/snapshots", json={"name": "x"})
    assert there.post("/_mockpbx/snapshots/x/restore").status_code == 404
    assert there.post("/worlds/a/_mockpbx/snapshots/x/restore").status_code == 204
    there.get(f"/worlds/b{API}/user/")
    counts = [
        sum(note["count"] for note in json.loads(there.get(f"{door}/_mockpbx/notes").text)["notes"])
        for door in ("/worlds/a", "/worlds/b")
    ]
    assert counts == [0, 1]


def test_a_reset_is_of_one_world(there: Caller) -> None:
    """Resetting the default world leaves the others as they are."""
    there.post(f"/worlds/a{EXTENSIONS}", json={"name": "120", "type": "phone"})
    there.post("/_mockpbx/reset")
    assert extensions(there, "/worlds/a")[-1] == "2566*120"


def test_a_put_state_is_of_one_world(there: Caller) -> None:
    """A state that is put into one world is not a new start of the others."""
    state = there.state()
    gone = state["clients"][0]["extensions"].pop(4)  # nothing in the world refers to it
    before = extensions(there, "")
    assert there.put("/worlds/a/_mockpbx/state", json=state).status_code == 204
    assert extensions(there, "/worlds/a") == [name for name in before if name != gone["name"]]
    assert extensions(there, "/worlds/b") == extensions(there, "/worlds/c") == before


@pytest.mark.parametrize("name", ["a", "A-b_c.9", "x" * 64, ".."])
@pytest.mark.fact("GEN-3")
def test_a_name(make_caller: MakeCaller, name: str) -> None:
    """A world's name is up to 64 letters, digits, `_`, `.` and `-`, with any doubled slashes."""
    there = make_caller("office", alone=True)
    assert there.get(f"/worlds/{name}/_mockpbx/health").status_code == 200
    assert there.get(f"/worlds//{name}//_mockpbx//health/").status_code == 200


@pytest.mark.parametrize("name", ["x" * 65, "a%20b", "%C3%A9", "a@b", "", "a%00"])
def test_a_name_that_is_none(make_caller: MakeCaller, name: str) -> None:
    """Another name is an unknown path and makes no world."""
    there = make_caller("office", alone=True)
    answer = there.get(f"/worlds/{name}/_mockpbx/health")
    assert (answer.status_code, answer.json) == (404, {"message": "Not found"})


@pytest.mark.parametrize("path", ["/worlds", "/worlds/", "/worlds/a", "/worlds/a/", "/worldsa/b"])
def test_a_door_that_leads_nowhere(make_caller: MakeCaller, path: str) -> None:
    """A world alone is an unknown path."""
    answer = make_caller("office", alone=True).app.test_client().get(path)
    assert (answer.status_code, answer.json) == (404, {"message": "Not found"})


@pytest.fixture
def full() -> Caller:
    """A server with as many worlds as it keeps, all of them changed."""
    app = create_app("empty", Config(freeze=True))
    kept: Worlds = app.extensions["mockpbx"].worlds
    for number in range(kept.LIMIT):
        kept.named(f"world{number}").advance(1)
    return Caller(app)


FULL = (
    "there are 1000 worlds, and all were changed; delete those that are done with: "
    "DELETE /_mockpbx/worlds/NAME"
)


@pytest.mark.parametrize("path", ["/_mockpbx/health", "/oauth/token", "/api/ver1.0/user/"])
def test_worlds_are_limited(full: Caller, path: str) -> None:
    """A server keeps a thousand worlds; who asks for one more is told so, the others go on."""
    there = full.app.test_client()
    answer = there.get(f"/worlds/more{path}")
    assert (answer.status_code, answer.json) == (429, {"message": FULL})
    assert answer.headers["X-Mockpbx-Reason"] == FULL
    assert there.get("/worlds/world999/_mockpbx/health").status_code == 200
    assert there.get("/_mockpbx/health").status_code == 200
    assert list(full.world.journal) == []


def test_a_put_world_is_limited_too(full: Caller) -> None:
    """One more is not made by hand either, unless it replaces one."""
    answer = full.put("/_mockpbx/worlds/more", json={})
    assert (answer.status_code, answer.json) == (429, {"message": FULL})
    assert full.put("/_mockpbx/worlds/world7", json={}).status_code == 200


def test_a_deleted_world_makes_room(full: Caller) -> None:
    """Where one was deleted another is made."""
    assert full.delete("/_mockpbx/worlds/world7").status_code == 204
    assert full.get("/worlds/more/_mockpbx/clock").status_code == 200
    full.post("/worlds/more/_mockpbx/clock/advance", json={"seconds": 1})
    assert full.get("/worlds/evenmore/_mockpbx/health").status_code == 429


CHANGES: dict[str, Callable[[Caller, str], object]] = {
    "time": lambda there, door: there.post(f"{door}/clock/advance", json={"seconds": 1}),
    "a moment": lambda there, door: there.post(
        f"{door}/clock/move_to", json={"moment": "2026-03-01 12:00:00"}
    ),
    "a running clock": lambda there, door: there.post(f"{door}/clock/run"),
    "a state": lambda there, door: there.put(
        f"{door}/state", json=json_of(there.get(f"{door}/state"))
    ),
    "a snapshot": lambda there, door: there.post(f"{door}/snapshots", json={}),
    "a fault": lambda there, door: there.post(f"{door}/faults", json={"status": 503}),
    "a token": lambda there, door: there.post(f"{door}/tokens"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_makes_way(change: str) -> None:
    """The world used least lately of those that nobody changed makes way, and is counted."""
    app = create_app("empty", Config(freeze=True))
    kept: Worlds = app.extensions["mockpbx"].worlds
    for number in range(kept.LIMIT):
        kept.named(f"world{number}")
    there = Caller(app)
    there.get("/worlds/world1/_mockpbx/requests")
    CHANGES[change](there, "/worlds/world0/_mockpbx")
    for name in ("more", "more", "evenmore"):
        there.get(f"/worlds/{name}/_mockpbx/health")
    found = json_of(there.get("/_mockpbx/worlds"))
    assert (found["limit"], found["dropped"], len(found["worlds"])) == (1000, 2, 1000)
    names = [one["name"] for one in found["worlds"]]
    assert [one["name"] for one in found["worlds"] if one["changed"]] == ["world0"]
    assert (names[0], names[-4:]) == ("world4", ["world1", "world0", "more", "evenmore"])


@pytest.mark.parametrize("freeze", [None, True, False])
def test_a_world_that_nobody_changed(freeze: bool | None) -> None:
    """A world is unchanged until something happens to it, whatever its clock does at the start."""
    app = create_app("empty", Config(freeze=freeze))
    there = Caller(app)
    there.get("/worlds/one/_mockpbx/health")
    expected = [{"name": "one", "world": "empty", "changed": False}]
    assert json_of(there.get("/_mockpbx/worlds"))["worlds"] == expected


def test_a_changed_world_stays() -> None:
    """However long ago a changed world was used, others make way before it."""
    app = create_app("empty", Config(freeze=True))
    kept: Worlds = app.extensions["mockpbx"].worlds
    kept.named("first").advance(1)
    for number in range(kept.LIMIT + 5):
        kept.named(f"world{number}")
    assert list(kept.by_name())[:2] == ["first", "world6"]
    assert kept.dropped == 6


def test_a_world_of_its_own_kind(make_caller: MakeCaller) -> None:
    """A world is made of another file, with other settings; a put one replaces that of its name."""
    there = make_caller("office", alone=True)
    body = {"world": "empty", "settings": {"freeze": True, "readings": {"slashes": "strict"}}}
    answer = there.put("/_mockpbx/worlds/one", json=body)
    expected = {"name": "one", "world": "empty", "changed": False}
    assert (answer.status_code, answer.json) == (200, expected)
    assert json_of(there.get("/worlds/one/_mockpbx/health"))["world"] == "empty"
    assert json_of(there.get("/worlds/one/_mockpbx/clock"))["frozen"] is True
    assert json_of(there.get("/worlds/one/_mockpbx/readings"))["readings"]["slashes"] == "strict"
    there.get("/worlds/one/api/ver1.0/user/")
    assert json_of(there.put("/_mockpbx/worlds/one", json={}))["world"] == "office"
    assert json_of(there.get("/worlds/one/_mockpbx/requests")) == {"requests": [], "dropped": 0}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["/_mockpbx/worlds", "/_mockpbx/worlds/b", "//_mockpbx/worlds/"])
def test_worlds_are_the_servers(make_caller: MakeCaller, method: str, path: str) -> None:
    """No world has worlds: the path is none under /worlds/NAME, and asking makes no world."""
    there = make_caller("office", alone=True)
    answer = there.send(method, f"/worlds/a{path}", json={})
    text = "all worlds are at /_mockpbx/worlds"
    assert (answer.status_code, answer.headers["X-Mockpbx-Reason"]) == (404, text)
    found = json_of(there.get("/_mockpbx/worlds"))
    assert found == {"worlds": [], "limit": 1000, "dropped": 0}


def test_a_files_name_is_no_world(make_caller: MakeCaller) -> None:
    """Who asks over HTTP names shipped worlds alone: no file of the server is read."""
    there = make_caller("office", alone=True)
    answer = there.put("/_mockpbx/worlds/a", json={"world": "fixtures/empty.json"})
    text = "world: must be one of documented, empty, office, or a world file"
    assert (answer.status_code, answer.json) == (400, {"message": text})


def test_worlds_share_the_configuration(make_caller: MakeCaller) -> None:
    """Another world has the configuration of the server."""
    there = make_caller("office", alone=True, freeze=True)
    assert json.loads(there.get("/worlds/a/_mockpbx/clock").text)["frozen"] is True


def test_an_application_takes_a_running_world() -> None:
    """An application made of a world serves that very world."""
    world = World(worlds.read("empty"), Config(freeze=True))
    app = create_app(world)
    token_of(app, **APP)
    assert app.extensions["mockpbx"].worlds.default is world
    assert [entry.path for entry in world.journal] == ["/oauth/token"]


def test_a_fork_goes_its_own_way(office: Caller) -> None:
    """A fork has the state and time of its world, and both change independently."""
    fork = Caller(office.app, office.token, office.world.fork())
    before = office.state()
    assert fork.state() == before
    assert fork.world.now() == office.world.now()
    fork.delete("/client/2566/extension/85218")
    assert office.state() == before
    office.delete("/client/2566/extension/85219")
    fork.world.clock.advance(5)
    left = [
        [row["id"] for row in there.state()["clients"][0]["extensions"]] for there in (office, fork)
    ]
    assert (85218 in left[0], 85219 in left[0]) == (True, False)
    assert (85218 in left[1], 85219 in left[1]) == (False, True)
    assert (fork.world.now() - office.world.now()).total_seconds() == 5


def test_worlds_have_tokens_of_their_own(make_caller: Callable[..., Caller]) -> None:
    """A token of one world is unknown in another; each time they are the same."""
    found = []
    for _ in range(2):
        there = make_caller("office", alone=True, freeze=True)
        tokens = {name: token(there, name) for name in ("", "/worlds/a", "/worlds/b")}
        headers = {"Authorization": f"Bearer {tokens['/worlds/a']}"}
        codes = [
            there.app.test_client().get(f"{name}/api/ver1.0/user/", headers=headers).status_code
            for name in tokens
        ]
        assert codes == [401, 200, 401]
        found.append(tokens)
    assert found[0] == found[1]


def token(there: Caller, prefix: str) -> str:
    """A new token of that world."""
    answer = there.app.test_client().post(f"{prefix}/oauth/token", data=APP)
    return str(json.loads(answer.text)["access_token"])
