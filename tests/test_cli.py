import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import pytest
import urllib3
from urllib3.response import BaseHTTPResponse

from mockpbx import __version__
from mockpbx.cli import main
from mockpbx.cli.serve import serve as serve_command
from mockpbx.readings import choices
from mockpbx.server.socket import Server
from tests.shared import enter, fresh

ROOT = Path(__file__).resolve().parents[1]
ON_WINDOWS = sys.platform == "win32"

Run = Callable[..., subprocess.CompletedProcess[str]]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "mockpbx", *map(str, arguments)]


def environment(variables: Mapping[str, str], root: Path = ROOT) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if "MOCKPBX" not in name}
    return {**inherited, "PYTHONPATH": str(root), **variables}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command to its end, in an empty folder.

    It runs in this process, but for `serve`, and for the package in another `root`.
    """

    def here(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name in [name for name in os.environ if "MOCKPBX" in name]:
                patch.delenv(name)
            for name, value in variables.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(list(arguments), prog_name="mockpbx")
        assert isinstance(ended.value.code, int)
        return subprocess.CompletedProcess(arguments, ended.value.code, *capfd.readouterr())

    def run(
        *arguments: object, root: Path = ROOT, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        if root == ROOT and arguments[0] != "serve":
            return here(*map(str, arguments), **variables)
        return subprocess.run(
            command(*arguments),
            cwd=tmp_path,
            env=environment(variables, root),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


class Served:
    """A running `mockpbx serve`, which is ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.ready = process.stdout.readline().rstrip("\n")
        assert self.ready, process.communicate(timeout=30)[1]
        self.url = self.ready.removeprefix("mockpbx ready on ").partition(" ")[0]

    def ask(self, method: str, path: str, **options: Any) -> BaseHTTPResponse:
        return urllib3.request(method, self.url + path, **options)

    def token(self) -> str:
        fields = {
            "grant_type": "client_credentials",
            "client_id": "app",
            "client_secret": "secret",
        }
        answer = self.ask("POST", "/oauth/token", fields=fields)
        return str(answer.json()["access_token"])

    def until(self, text: str) -> str:
        """Wait for the line on stderr that contains that text."""
        assert self.process.stderr is not None
        return next(line for line in self.process.stderr if text in line).rstrip("\n")

    def end(self, signal_number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send that signal: exit code, and what came on stdout and stderr since then."""
        self.process.send_signal(signal_number)
        stdout, stderr = self.process.communicate(timeout=30)
        return self.process.returncode, stdout, stderr


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start servers on free ports; the test's end kills them."""
    with ExitStack() as ends:

        def serve(*arguments: object, **variables: str) -> Served:
            process = subprocess.Popen(
                command("serve", *arguments),
                cwd=tmp_path,
                env=environment({"MOCKPBX_PORT": "0", **variables}),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            ends.enter_context(process)
            ends.callback(process.kill)
            return Served(process)

        yield serve


Serve = Callable[..., Served]


def outcome(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def test_version(run: Run) -> None:
    """`--version` prints the package's version."""
    assert outcome(run("--version")) == (0, f"mockpbx {__version__}\n", "")


def test_ready_on_every_interface(serve: Serve) -> None:
    """The ready line says where the server listens."""
    served = serve("--host", "0.0.0.0")
    assert re.fullmatch(r"mockpbx ready on http://0\.0\.0\.0:\d+ \(world: office\)", served.ready)


def test_misspelt_variables(run: Run) -> None:
    """A variable that nothing reads is told with the nearest, and the command goes on."""
    done = run("worlds", MOCKPBX_PROT="1", MOCKPBX_PORT="1", MOCKPBX_ZZZ="", MOCKPBX_SEED="1")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "mockpbx: MOCKPBX_PROT: nothing reads this variable; did you mean MOCKPBX_PORT?",
        "mockpbx: MOCKPBX_ZZZ: nothing reads this variable",
    ]


def test_help_names_the_variables(run: Run) -> None:
    """Each option that a variable stands for names it."""
    text = run("serve", "--help").stdout
    named = {str(one.envvar) for one in main.commands["serve"].params if one.envvar}
    assert named
    assert {one for one in named if one not in text} == set()
    assert "MOCKPBX_URL" in run("clock", "--help").stdout


def test_ready_line(serve: Serve) -> None:
    """When the server answers, and not before, stdout says where and with which world."""
    served = serve()
    assert re.fullmatch(r"mockpbx ready on http://127\.0\.0\.1:\d+ \(world: office\)", served.ready)
    assert served.ask("GET", "/_mockpbx/health").json() == {
        "status": "ok",
        "version": __version__,
        "world": "office",
    }


@pytest.mark.skipif(ON_WINDOWS, reason="Windows has no such signals to send")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_signals_stop_it(serve: Serve, name: str) -> None:
    """Ctrl-C and SIGTERM end it with exit code 0, an idle connection notwithstanding."""
    served = serve()
    pool = urllib3.PoolManager()
    assert pool.request("GET", f"{served.url}/_mockpbx/health").status == 200
    code, stdout, stderr = served.end(signal.Signals[name])
    assert (code, stdout) == (0, "")
    assert "Traceback" not in stderr
    pool.clear()


@pytest.mark.skipif(ON_WINDOWS, reason="Windows has no such signals to send")
def test_log_lines(serve: Serve) -> None:
    """Each request is one line: time, client, world, request, status, and why it was refused.

    mockpbx itself, which looks again and again until a call is over, leaves none.
    """
    served = serve()
    served.until("a call:")
    served.ask("GET", "/_mockpbx/health")
    served.ask("GET", "/_mockpbx/health", headers={"User-Agent": "mockpbx"})
    served.ask("POST", "/_mockpbx/clock/freeze?secret=1")
    refused = served.ask("GET", "/api/ver1.0/user/").headers
    served.ask("GET", "/api/ver1.0/user/", headers={"Authorization": f"Bearer {served.token()}"})
    _, _, stderr = served.end()
    assert [line.partition(" 127.0.0.1 office ")[2] for line in stderr.splitlines()] == [
        "GET /_mockpbx/health 200",
        "POST /_mockpbx/clock/freeze?secret=*** 200",
        f"GET /api/ver1.0/user/ 401 {refused['X-Mockpbx-Rule']} {refused['X-Mockpbx-Reason']}",
        "POST /oauth/token 200",
        "GET /api/ver1.0/user/ 200",
    ]


@pytest.mark.parametrize("world", ["office", "documented", "empty"])
def test_hints_are_true(serve: Serve, world: str) -> None:
    """The calls that stderr suggests work as printed."""
    served = serve("--world", world)
    asking, form, address = re.split(r" -d | (?=http)", served.until("a token:"))
    assert asking.endswith("curl")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    token = urllib3.request("POST", address, body=form.strip("'"), headers=headers).json()
    header, address = re.split(r" (?=http)", served.until("a call:").partition(" -H ")[2])
    name, _, value = header.strip("'").partition(": ")
    bearer = {name: value.replace("TOKEN", token["access_token"])}
    assert urllib3.request("GET", address, headers=bearer).status == 200


def test_taken_port(run: Run) -> None:
    """A port where another program listens is one line on stderr and exit code 2."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, stdout, stderr = outcome(run("serve", "--port", port))
    assert (code, stdout) == (2, "")
    assert re.fullmatch(rf"mockpbx: cannot listen on 127\.0\.0\.1:{port}: .+\n", stderr)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--reading", "nonsense=1"],
            "reading nonsense: no such reading; there are bundle_delete, registration_expires, "
            "registration_list, record_stereo, event_get, call_flow_case, record_delete, "
            "call_result, record_uuid_case, callback_ids, hangup_order, att_tr_number, "
            "current_calls_flow, to_username, slashes, unknown_fields, ivr_events",
        ),
        (
            ["--reading", "bundle_delete=nothing"],
            "reading bundle_delete: 'nothing' is none of body, no_content",
        ),
        (["--reading", "bundle_delete"], "reading bundle_delete: write it as NAME=VALUE"),
        (["--readings-file", "none.json"], "readings file none.json: No such file or directory"),
        (
            ["--readings-file", "broken.json"],
            "readings file broken.json: no JSON: Expecting value: line 1 column 1 (char 0)",
        ),
        (["--readings-file", "list.json"], "readings file list.json: not an object of texts"),
    ],
)
def test_wrong_readings(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    """Readings that cannot be are one line on stderr and exit code 2."""
    (tmp_path / "broken.json").write_text("nonsense")
    (tmp_path / "list.json").write_text("[]")
    assert outcome(run("serve", *arguments)) == (2, "", f"mockpbx: {message}\n")


def test_later_readings_win(serve: Serve, tmp_path: Path) -> None:
    """A reading of the command line wins over the file, and the file over the default."""
    file = tmp_path / "readings.json"
    file.write_text('{"slashes": "strict"}')
    for arguments, status in (
        ([], 200),
        (["--readings-file", file], 404),
        (["--readings-file", file, "--reading", "slashes=tolerant"], 200),
    ):
        served = serve(*arguments)
        bearer = {"Authorization": f"Bearer {served.token()}"}
        assert served.ask("GET", "/api/ver1.0/user", headers=bearer).status == status


def test_environment_variables(serve: Serve, tmp_path: Path) -> None:
    """Every option of `serve` can be given by the environment."""
    file = tmp_path / "readings.json"
    file.write_text('{"slashes": "strict"}')
    served = serve(
        MOCKPBX_HOST="localhost",
        MOCKPBX_WORLD="empty",
        MOCKPBX_READING="bundle_delete=no_content record_stereo=words",
        MOCKPBX_READINGS_FILE=str(file),
        MOCKPBX_RATE_LIMITS="1",
        MOCKPBX_FREEZE="1",
    )
    assert served.ready.endswith("(world: empty)")
    assert served.ask("GET", "/_mockpbx/clock").json()["frozen"] is True
    bearer = {"Authorization": f"Bearer {served.token()}"}
    assert served.ask("GET", "/api/ver1.0/user", headers=bearer).status == 404
    assert {served.ask("POST", "/oauth/token").status for _ in range(20)} == {400, 429}


def test_settings_of_the_start(serve: Serve) -> None:
    """An option goes before the environment; rate limits and readings have options of their own."""
    served = serve(
        *("--setting", "seed=3", "--setting", "readings.slashes=strict"),
        *("--reading", "event_get=header"),
        MOCKPBX_SEED="2",
        MOCKPBX_RETRY_DELAYS_S="[5]",
        MOCKPBX_RATE_LIMITS="1",
    )
    found = served.ask("GET", "/_mockpbx/settings").json()
    assert (found["seed"], found["retry_delays_s"], found["rate_limits"]) == (3, [5], True)
    readings = found["readings"]
    assert (readings["slashes"], readings["event_get"]) == ("strict", "header")


def test_a_wrong_setting_of_the_start(run: Run) -> None:
    """One line names it and the nearest, or its variable; the exit code is 2."""
    code, out, err = outcome(run("serve", "--setting", "sed=1"))
    assert (code, out) == (2, "")
    assert err.startswith("mockpbx: sed: no such setting; did you mean seed?; there are readings, ")
    code, out, err = outcome(run("serve", MOCKPBX_SEED="x"))
    text = "mockpbx: MOCKPBX_SEED: seed: must be a whole number, not 'x'\n"
    assert (code, out, err) == (2, "", text)


def test_broken_world(run: Run, tmp_path: Path) -> None:
    """A world file that cannot be served is one line on stderr, with every fault, and code 2."""
    world = tmp_path / "world.json"
    world.write_text('{"clients": [{"id": "one"}], "nonsense": 1}')
    code, stdout, stderr = outcome(run("serve", "--world", world))
    assert (code, stdout, stderr.count("\n")) == (2, "", 1)
    assert "clients[0].id: " in stderr
    assert "nonsense: " in stderr


def test_unknown_world(run: Run) -> None:
    """A world that is neither shipped nor a file is one line on stderr and exit code 2."""
    code, stdout, stderr = outcome(run("serve", "--world", "nowhere"))
    assert (code, stdout, stderr.count("\n")) == (2, "", 1)
    assert "nowhere" in stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--host", "a..b"], "cannot listen on a..b:8900: "),
        (["serve", "--host", "a" * 100], f"cannot listen on {'a' * 100}:8900: "),
        (["serve", "--world", "a" * 5000], f"world {'a' * 5000}: "),
        (["serve", "--world", os.fsdecode(b"\xff")], r"world \udcff: "),
        (["serve", "--host", os.fsdecode(b"\xff")], r"cannot listen on \udcff:8900: "),
        (["call", "101", "102", "--script", "[" * 100_000], "--script: no JSON: "),
        (["serve", "--control-token", ""], "control token: must be 1 to 1024 ASCII characters"),
        (
            ["serve", "--control-token", "\u044f"],
            "control token: must be 1 to 1024 ASCII characters",
        ),
        (["serve", "--allow-host", "a:80"], "allowed host 'a:80': must be a name without a port"),
        (
            ["serve", "--allow-origin", "null"],
            "allowed origin 'null': must be scheme://host[:port]",
        ),
    ],
)
def test_odd_arguments(run: Run, arguments: list[str], message: str) -> None:
    """What cannot be is one line on stderr and exit code 2, however odd it is."""
    code, stdout, stderr = outcome(run(*arguments))
    assert (code, stdout, stderr.count("\n")) == (2, "", 1)
    assert stderr.startswith(f"mockpbx: {message}")


def test_the_control_api_of_a_process(serve: Serve, run: Run) -> None:
    """The options and variables of the command say who may use the control API."""
    served = serve(
        "--control-token=open-sesame",
        "--allow-host=mock.example.com",
        MOCKPBX_ALLOW_ORIGIN="http://localhost:5173 http://localhost:5174",
    )
    token = {"Authorization": "Bearer open-sesame"}
    for headers, status in (
        ({}, 401),
        (token, 200),
        ({**token, "Host": "mock.example.com"}, 200),
        ({**token, "Host": "mocks.example.com"}, 421),
        ({**token, "Origin": "http://localhost:5174"}, 200),
        ({**token, "Origin": "http://localhost:5175"}, 403),
    ):
        assert served.ask("GET", "/_mockpbx/clock", headers=headers).status == status
    refused = "mockpbx: the control API wants its token: Authorization: Bearer\n"
    assert outcome(run("clock", "--url", served.url)) == (1, "", refused)
    assert run("clock", "--url", served.url, "--control-token", "open-sesame").returncode == 0
    known = {"MOCKPBX_CONTROL_TOKEN": "open-sesame"}
    assert (
        run("call", "101", "102", "--kind=internal", "--url", served.url, **known).returncode == 0
    )


@pytest.mark.skipif(ON_WINDOWS, reason="pipes of POSIX")
def test_a_world_out_of_a_pipe(serve: Serve, tmp_path: Path) -> None:
    """A world may come out of a named pipe."""
    pipe = tmp_path / "piped"
    os.mkfifo(pipe)
    text = (ROOT / "fixtures" / "empty.json").read_text(encoding="utf-8")
    with ThreadPoolExecutor() as threads:
        threads.submit(pipe.write_text, text)
        served = serve("--world", pipe)
    assert served.ready.endswith("(world: piped)")


@pytest.mark.skipif(ON_WINDOWS, reason="pipes of POSIX")
def test_a_world_out_of_stdin(tmp_path: Path) -> None:
    """A world may come out of another program."""
    process = subprocess.Popen(
        command("serve", "--world", "/dev/stdin", "--port", 0),
        cwd=tmp_path,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write((ROOT / "fixtures" / "empty.json").read_text(encoding="utf-8"))
    process.stdin.close()
    process.stdin = None
    served = Served(process)
    assert served.ready.endswith("(world: stdin)")
    assert served.end()[0] == 0


def test_watched_world(serve: Serve, tmp_path: Path) -> None:
    """A world file that is edited becomes the world; a broken one is named and changes nothing."""
    world = tmp_path / "world.json"
    shutil.copy(ROOT / "fixtures" / "empty.json", world)
    served = serve("--world", world, "--watch")
    before = served.ask("GET", "/_mockpbx/state").json()
    assert served.ask("GET", "/_mockpbx/requests").status == 200

    world.write_text("nonsense")
    assert str(world) in served.until("mockpbx: ")
    assert served.ask("GET", "/_mockpbx/state").json() == before

    shutil.copy(ROOT / "fixtures" / "office.json", world)
    assert served.until("mockpbx: ") == f"mockpbx: {world} read again"
    assert served.ask("GET", "/_mockpbx/state").json() != before


def test_openapi(run: Run) -> None:
    """`openapi` prints the document that is kept beside the package."""
    text = (ROOT / "openapi" / "mockpbx.json").read_text(encoding="utf-8")
    assert outcome(run("openapi")) == (0, text, "")


def test_openapi_of_control(run: Run) -> None:
    """`openapi --control` prints the document of the control API."""
    text = (ROOT / "openapi" / "control.json").read_text(encoding="utf-8")
    assert outcome(run("openapi", "--control")) == (0, text, "")


def test_schema_of_worlds(run: Run) -> None:
    """`openapi --world` prints the JSON Schema of world files."""
    text = (ROOT / "openapi" / "world.schema.json").read_text(encoding="utf-8")
    assert outcome(run("openapi", "--world")) == (0, text, "")


def test_openapi_prints_one_document(run: Run) -> None:
    """`openapi --control --world` is refused: one document is printed."""
    message = "mockpbx: --control or --world, not both\n"
    assert outcome(run("openapi", "--control", "--world")) == (2, "", message)


def test_openapi_check_and_write(run: Run, tmp_path: Path) -> None:
    """`openapi --check` names every stale file with exit code 1; `--write` mends them."""
    shutil.copytree(ROOT / "mockpbx", tmp_path / "mockpbx")
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")  # the examples are asked in a world
    (tmp_path / "openapi").mkdir()
    names = "openapi/mockpbx.json, openapi/control.json, openapi/world.schema.json"
    stale = f"mockpbx: stale: {names}; run mockpbx openapi --write\n"
    assert outcome(run("openapi", "--check", root=tmp_path)) == (1, "", stale)
    assert outcome(run("openapi", "--write", root=tmp_path)) == (0, "", "")
    assert outcome(run("openapi", "--check", root=tmp_path)) == (0, "", "")


def test_openapi_write_needs_a_checkout(run: Run, tmp_path: Path) -> None:
    """Without the folder openapi beside the package there is nothing to write to: exit code 2."""
    shutil.copytree(ROOT / "mockpbx", tmp_path / "mockpbx")
    message = "--write and --check need a checkout of mockpbx: no openapi folder here"
    assert outcome(run("openapi", "--write", root=tmp_path)) == (2, "", f"mockpbx: {message}\n")


@pytest.mark.parametrize("arguments", [["worlds"], ["worlds", "list"]])
def test_worlds_list(run: Run, arguments: list[str]) -> None:
    """`worlds` lists the shipped worlds."""
    assert outcome(run(*arguments)) == (0, "documented\nempty\noffice\n", "")


def test_worlds_show(run: Run) -> None:
    """`worlds show` prints the world file as it is shipped."""
    text = (ROOT / "fixtures" / "empty.json").read_text(encoding="utf-8")
    assert outcome(run("worlds", "show", "empty")) == (0, text, "")


def test_worlds_show_of_none(run: Run) -> None:
    """`worlds show` of an unknown world is one line on stderr and exit code 2."""
    code, stdout, stderr = outcome(run("worlds", "show", "nowhere"))
    assert (code, stdout, stderr.count("\n")) == (2, "", 1)


def test_worlds_check_of_a_good_file(run: Run) -> None:
    """`worlds check` of a file that can be served says so."""
    file = ROOT / "fixtures" / "office.json"
    assert outcome(run("worlds", "check", file)) == (0, f"{file}: good\n", "")


def test_worlds_check_of_a_broken_file(run: Run, tmp_path: Path) -> None:
    """`worlds check` of a broken file prints each fault on a line of its own, exit code 1."""
    world = tmp_path / "world.json"
    world.write_text('{"clients": [{"id": "one"}], "nonsense": 1}')
    code, stdout, stderr = outcome(run("worlds", "check", world))
    assert (code, stdout) == (1, "")
    places = [line.split(": ")[:2] for line in stderr.splitlines()]
    assert [str(world), "clients[0].id"] in places
    assert [str(world), "nonsense"] in places


@pytest.fixture
def office() -> Iterator[Server]:
    """A server of the world `office` that runs meanwhile."""
    with Server(enter(fresh()), port=0) as server:
        yield server


def test_register(run: Run, office: Server) -> None:
    """`register` brings a phone online at a running server and prints its registration."""
    done = run("register", "101", "--url", office.url, "--device", "Desk phone", "--expires", "60")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["device"] == "Desk phone"


def test_register_refused(run: Run, office: Server) -> None:
    """A registration that the server refuses is its message on stderr and exit code 1."""
    refused = urllib3.request(
        "POST", f"{office.url}/_mockpbx/registrations", json={"extension": "999"}
    )
    assert 400 <= refused.status < 500
    message = refused.json()["message"]
    done = run("register", "999", MOCKPBX_URL=office.url)
    assert outcome(done) == (1, "", f"mockpbx: {message}\n")


def test_register_without_server(run: Run) -> None:
    """Without a server, `register` is one line on stderr and exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
    done = run("register", "101", "--url", url)
    assert outcome(done) == (1, "", f"mockpbx: no mockpbx answers at {url}\n")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table of docs/server.md whose first heading is that, without ticks."""
    text = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
    table = text.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip().replace("`", "") for cell in row.strip("|").split("|")] for row in table]


def test_documented_options() -> None:
    """The page about the server lists the options of `serve` with variable and default."""
    options = [param for param in serve_command.params if isinstance(param, click.Option)]
    assert [[row[0].split(" ")[0], row[1]] for row in rows("option")] == [
        [option.opts[0], option.envvar] for option in options
    ]
    assert [row[2] for row in rows("option")[:3]] == [str(item.default) for item in options[:3]]


def test_documented_readings() -> None:
    """The page about the server lists the readings with their values, the default first."""
    documented = {name: tuple(values.split(", ")) for name, values, _ in rows("reading")}
    assert documented == choices()
