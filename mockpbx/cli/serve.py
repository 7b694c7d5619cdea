"""`mockpbx serve`."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..signals import exit_on_signals
from .errors import CommandError

if TYPE_CHECKING:
    from ..config import Config
    from ..core.control_access import ControlAccess
    from ..core.world import World
    from ..readings import Readings
    from .access_log import AccessLog

#: Seconds that the log may take to be written at the end.
LOG_TIMEOUT_S = 0.2


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, envvar="MOCKPBX_HOST", show_envvar=True
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8900,
    show_default=True,
    envvar="MOCKPBX_PORT",
    show_envvar=True,
    help="0 takes a free one.",
)
@click.option(
    "--world",
    default="office",
    show_default=True,
    envvar="MOCKPBX_WORLD",
    show_envvar=True,
    help="A shipped world (see `mockpbx worlds`) or a world file.",
)
@click.option(
    "--reading",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    envvar="MOCKPBX_READING",
    show_envvar=True,
    help="How to read the documentation where its sources disagree; repeatable.",
)
@click.option(
    "--readings-file",
    type=click.Path(path_type=Path),
    envvar="MOCKPBX_READINGS_FILE",
    show_envvar=True,
    help="Readings as a JSON object; --reading wins.",
)
@click.option(
    "--setting",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    envvar="MOCKPBX_SETTING",
    show_envvar=True,
    help="A setting as for `mockpbx settings`, also MOCKPBX_SEED=7 and the like; repeatable.",
)
@click.option(
    "--rate-limits",
    is_flag=True,
    envvar="MOCKPBX_RATE_LIMITS",
    show_envvar=True,
    help="Refuse past the limits.",
)
@click.option(
    "--freeze",
    is_flag=True,
    envvar="MOCKPBX_FREEZE",
    show_envvar=True,
    help="Start with a clock that stands still.",
)
@click.option(
    "--watch",
    is_flag=True,
    envvar="MOCKPBX_WATCH",
    show_envvar=True,
    help="Start anew when the world file changes.",
)
@click.option(
    "--idle-timeout",
    type=click.FloatRange(0, min_open=True, max=86400),
    default=120,
    show_default=True,
    envvar="MOCKPBX_IDLE_TIMEOUT",
    show_envvar=True,
    help="Seconds after which a connection that asks nothing is closed.",
)
@click.option(
    "--control-token",
    metavar="TOKEN",
    envvar="MOCKPBX_CONTROL_TOKEN",
    show_envvar=True,
    help="Let nobody use the control API without that bearer token.",
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    envvar="MOCKPBX_ALLOW_HOST",
    show_envvar=True,
    help="Another name of this server, for the control API; repeatable.",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    envvar="MOCKPBX_ALLOW_ORIGIN",
    show_envvar=True,
    help="Pages that may use the control API, as http://127.0.0.1:5173; repeatable.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="MOCKPBX_LOG_FORMAT",
    show_envvar=True,
    help="How stderr tells requests and deliveries.",
)
@click.option(
    "--quiet",
    is_flag=True,
    envvar="MOCKPBX_QUIET",
    show_envvar=True,
    help="Tell of what goes wrong alone.",
)
def serve(
    host: str,
    port: int,
    world: str,
    changes: tuple[str, ...],
    readings_file: Path | None,
    settings: tuple[str, ...],
    rate_limits: bool,
    freeze: bool,
    watch: bool,
    idle_timeout: float,
    control_token: str | None,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    log_format: str,
    quiet: bool,
) -> None:
    """Answer requests until Ctrl-C or SIGTERM."""
    config = _config(settings).but(world=world, freeze=freeze)
    if rate_limits:
        config = config.but(rate_limits=True)
    if readings_file or changes:
        config = config.but(readings=_readings(readings_file, changes, config.readings))
    access = _access(control_token, hosts, origins)
    with _log(as_json=log_format == "json", quiet=quiet) as log:
        _serve(config, (host, port), access, watch=watch, idle_s=idle_timeout, log=log)


def _access(token: str | None, hosts: Iterable[str], origins: Iterable[str]) -> ControlAccess:
    from ..core.control_access import ControlAccess

    try:
        return ControlAccess(token, frozenset(hosts), frozenset(origins))
    except ValueError as fault:
        raise CommandError(str(fault)) from fault


@contextmanager
def _log(*, as_json: bool, quiet: bool) -> Iterator[AccessLog]:
    """The log to stderr; it goes on when stderr is closed or full."""
    from .access_log import AccessLog
    from .lines import Lines, LogStream

    stderr = sys.stderr
    is_open = stderr is not None  # as when it is closed
    lines = Lines(stderr.fileno() if is_open else None)
    coloured = is_open and stderr.isatty() and os.name == "posix"
    log = AccessLog(lines, as_json=as_json, quiet=quiet, coloured=coloured)
    sys.stderr = LogStream(log.message)
    try:
        with log.of_deliveries():
            yield log
    finally:
        lines.close(LOG_TIMEOUT_S)
        sys.stderr = stderr


def _config(settings: Iterable[str]) -> Config:
    from ..config import Config
    from ..settings import changed, of_environment, parse

    try:
        return changed(changed(Config(), of_environment()), parse(settings))
    except ValueError as fault:
        raise CommandError(str(fault)) from fault


def _readings(file: Path | None, changes: Iterable[str], base: Readings) -> Readings:
    from ..readings import Readings
    from ..settings import plain

    values = plain(base) | (_readings_of(file) if file else {})
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise CommandError(f"reading {change}: write it as NAME=VALUE")
        values[name] = value
    try:
        return Readings.parse(values)
    except ValueError as fault:
        raise CommandError(str(fault)) from fault


def _readings_of(file: Path) -> dict[str, str]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise CommandError(f"readings file {file}: {fault.strerror}") from fault
    except ValueError as fault:
        raise CommandError(f"readings file {file}: no JSON: {fault}") from fault
    if not isinstance(values, dict) or not all(isinstance(item, str) for item in values.values()):
        raise CommandError(f"readings file {file}: not an object of texts")
    return values


def _serve(
    config: Config,
    address: tuple[str, int],
    access: ControlAccess,
    *,
    watch: bool,
    idle_s: float,
    log: AccessLog,
) -> None:
    # All that is imported and loaded up to here stays: looking through it for garbage, again and
    # again while it grows, would cost a tenth of the start.
    gc.disable()
    from ..app import create_app
    from ..server.request import Limits
    from ..server.socket import Server, ServerError
    from ..worlds import WorldError

    try:
        app = create_app(config=config)
    except WorldError as fault:
        raise CommandError(str(fault)) from fault
    world = app.extensions["mockpbx"].worlds.default
    if watch:
        _watch(world, str(config.world))
    limits = Limits(idle_s=idle_s)
    server = Server(app, *address, limits=limits, log=log.request, access=access)
    exit_on_signals()  # a server that runs is stopped, and its log written
    try:
        server.start()
    except ServerError as fault:
        raise CommandError(str(fault)) from fault
    with suppress(OSError, AttributeError):  # nobody reads it; or it is closed, and None
        ready = f"mockpbx ready on {server.listens_at} (world: {world.start.name})\n"
        os.write(sys.stdout.fileno(), ready.encode("utf-8", "replace"))
    if not log.is_quiet:
        _tell_how_to_call(world, server.url)
    gc.freeze()
    gc.enable()
    server.serve_forever()


def _watch(world: World, source: str) -> None:
    from .. import worlds
    from .watcher import watch

    path = worlds.find(source)
    if not isinstance(path, Path):
        return  # packed into an archive: it stays as it is

    def changed() -> None:
        try:
            start = worlds.read(path)
        except worlds.WorldError as fault:
            CommandError(str(fault)).show()
            return
        with world.lock:
            world.start = start
            world.reset()
        click.echo(f"mockpbx: {path} read again", err=True)

    watch(path, changed)


def _tell_how_to_call(world: World, url: str) -> None:
    from ..core.accounts import Application, AppType

    for application in world.store.all(Application):
        if application.type == AppType.TRUSTED:
            login = f"client_id={application.client_id}&client_secret={application.client_secret}"
            click.echo(
                f"a token: curl -d 'grant_type=client_credentials&{login}' {url}/oauth/token\n"
                f"a call:  curl -H 'Authorization: Bearer TOKEN' {url}/api/ver1.0/user/",
                err=True,
            )
            return
