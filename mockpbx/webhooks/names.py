"""Looks up the addresses of hosts, under a time limit."""

from __future__ import annotations

import concurrent.futures
import socket
import threading
from typing import Any

from ..core.address import is_ip
from ..core.stopwatch import Deadline

#: What `socket.getaddrinfo` answers.
Addresses = list[tuple[Any, Any, int, str, Any]]
_Asked = concurrent.futures.Future[Addresses]


class Names:
    """Name look-ups, each host in a thread of its own.

    A name server that is silent holds that one, however many events are for the host.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[tuple[str, int], _Asked] = {}

    def addresses(self, host: str, port: int, deadline: Deadline) -> Addresses:
        """The host's addresses.

        Raises:
            TimeoutError: nobody said so in time.
            OSError: it is nowhere.
        """
        if is_ip(host):
            return _look_up(host, port)
        try:
            return self._ask(host, port).result(deadline.left())
        except concurrent.futures.TimeoutError as error:  # another class before Python 3.11
            raise TimeoutError(f"no name server told of {host} in time") from error

    def _ask(self, host: str, port: int) -> _Asked:
        with self._lock:
            asked = self._asked.get((host, port))
            if asked is None:
                asked = self._asked[host, port] = concurrent.futures.Future()
                threading.Thread(
                    target=self._answer, args=(host, port, asked), name="mockpbx names", daemon=True
                ).start()
            return asked

    def _answer(self, host: str, port: int, asked: _Asked) -> None:
        try:
            found = _look_up(host, port)
        except (OSError, ValueError, RuntimeError) as error:  # who waits raises it
            self._forget(host, port)
            asked.set_exception(error)
        else:
            self._forget(host, port)
            asked.set_result(found)

    def _forget(self, host: str, port: int) -> None:
        with self._lock:
            del self._asked[host, port]


def _look_up(host: str, port: int) -> Addresses:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
