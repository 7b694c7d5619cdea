"""Requests out of bytes: httptools parses them, and what it lets pass is refused here."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn

import httptools

from .request import Limits, Request, RequestError

#: A request line whose method is none of those that the parser may be expected to know.
_OTHER_METHOD = re.compile(
    rb"^(?!(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT) )"
    rb"[!#$%&'*+.^_`|~\w-]+ +\S+ +HTTP/1\.[01]\r$",
    re.MULTILINE,
)
_ABSOLUTE = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)
_VERSIONS = ("1.0", "1.1")
_LONG_TARGET = 414, "The request's target is too long"
_LONG_HEADERS = 431, "The request's headers are too long"


@lru_cache(1024)
def _wsgi_name(name: bytes) -> str:
    """The header's name in WSGI; empty for one that could be taken for another there."""
    if b"_" in name:
        return ""
    key = name.decode("ascii").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


class Reader:
    """The requests of one connection, in their order, each from when its headers have arrived.

    `receive` answers the next bytes, none at the end; `tell_to_go_on` is called before the first
    bytes of a body whose client waits for that.
    """

    def __init__(
        self, receive: Callable[[], bytes], tell_to_go_on: Callable[[], None], limits: Limits
    ) -> None:
        self._receive = receive
        self._tell_to_go_on = tell_to_go_on
        self._limits = limits
        self._parser = httptools.HttpRequestParser(self)
        self._requests: deque[Request] = deque()
        self._request: Request | None = None  # whose body arrives
        self._target = b""
        self._fields: dict[str, str] = {}
        self._head_bytes = 0
        self._silent_bytes = 0  # of which the parser has told nothing yet
        self._upgrades = False
        self._restarting = False
        self._failure: RequestError | None = None
        self._has_ended = False
        #: Whether a request has begun to arrive and is not complete.
        self.has_begun = False
        self._last_bytes = b""

    def next(self) -> Request | None:
        """The next request; None when the client sends no more.

        Raises:
            RequestError: it is none, or does not come whole.
        """
        while not self._requests:
            if self._has_ended and self._failure is None:
                return None
            self._fill()
        request = self._requests.popleft()
        if self._failure is not None and not request.is_complete:
            raise self._failure
        return request

    def asked_for(self) -> tuple[str, bytes]:
        """Method and target of what came last, as far as it is a request."""
        if self._target:
            return self._parser.get_method().decode("ascii"), self._target
        method, _, rest = self._last_bytes[:200].strip().partition(b" ")
        return method.decode("latin-1"), rest.partition(b"\r")[0].removesuffix(b" HTTP/1.1")

    def _fill(self) -> None:
        if self._failure is not None:
            raise self._failure
        request = self._request
        if request is not None and request.expects_word:
            request.expects_word = False
            if not request.received:
                self._tell_to_go_on()
        data = self._receive()
        if data:
            self._last_bytes = data
            self._silent_bytes += len(data)
            self._feed(data)
            if self._silent_bytes > self._limits.header_bytes and self._failure is None:
                long = _LONG_HEADERS if self._target else _LONG_TARGET
                self._failure = RequestError(*long)
        else:
            self._has_ended = True
            if self.has_begun:
                part = "headers do" if self._request is None else "body does"
                self._failure = RequestError(400, f"The request ends before its {part}")
        if self._failure is not None and not self._requests:
            raise self._failure

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as pause:
            self._answer_without_upgrade(data[pause.args[0] :])
        except httptools.HttpParserError as error:
            if self._failure is not None:
                return
            is_verb = isinstance(error, httptools.HttpParserInvalidMethodError)
            if is_verb and _OTHER_METHOD.search(data):
                self._failure = RequestError(405, "Method not allowed", "ERR-10")
            elif "Data after `Connection: close`" in str(error):
                self._has_ended = True
            else:
                self._failure = RequestError(400, f"Malformed request: {error}")

    def _answer_without_upgrade(self, rest: bytes) -> None:
        """Go on after an `Upgrade`, where the parser stops before the body."""
        request = self._request
        assert request is not None
        self._upgrades, self._restarting = False, True
        framing = b"Transfer-Encoding: chunked\r\n" if request.chunked else b""
        if length := request.fields.get("CONTENT_LENGTH"):
            framing = b"Content-Length: %s\r\n" % length.encode("ascii")
        self._parser = httptools.HttpRequestParser(self)
        self._parser.feed_data(b"POST / HTTP/1.1\r\n%s\r\n" % framing)
        self._feed(rest)

    # What httptools calls:

    def on_message_begin(self) -> None:
        """A request begins."""
        self._silent_bytes = 0
        if not self._restarting:
            self.has_begun = True
            self._target, self._fields, self._head_bytes = b"", {}, 0

    def on_url(self, part: bytes) -> None:
        """A part of its target has come."""
        self._silent_bytes = 0
        if not self._restarting:
            self._target += part
            if len(self._target) > self._limits.target_bytes:
                self._refuse(*_LONG_TARGET)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers, or trailers, has come."""
        self._silent_bytes = 0
        if self._restarting:
            return
        self._head_bytes += len(name) + len(value) + 4  # as they were sent
        if self._head_bytes > self._limits.header_bytes:
            self._refuse(*_LONG_HEADERS)
        if self._request is not None:
            return  # a trailer, of which WSGI knows nothing
        key = _wsgi_name(name)
        text = value.decode("latin-1").strip(" \t")
        if key in self._fields:
            if key == "HTTP_HOST":
                self._refuse(400, "There is more than one Host")
            text = f"{self._fields[key]}{';' if key == 'HTTP_COOKIE' else ','}{text}"
        if key:
            self._fields[key] = text

    def on_headers_complete(self) -> None:
        """Its body may follow."""
        if self._restarting:
            self._restarting = False
            return
        parser, fields = self._parser, self._fields
        method, version = parser.get_method().decode("ascii"), parser.get_http_version()
        if version not in _VERSIONS:
            self._refuse(400, "Only HTTP/1.0 and HTTP/1.1 are spoken here")
        if method == "CONNECT":
            self._refuse(405, "Method not allowed", "ERR-10")
        self._upgrades = parser.should_upgrade()
        request = Request(method, self._target, version, fields, self._fill)
        self._find_target(request)
        if "HTTP_HOST" not in fields and version == "1.1":
            self._refuse(400, "There is no Host")
        self._find_framing(request)
        wanted = [one.strip().lower() for one in fields.get("HTTP_CONNECTION", "").split(",")]
        # The parser takes nothing behind what is the last request to it.
        request.keep_alive = (
            parser.should_keep_alive()
            and "close" not in wanted
            and (version == "1.1" or "keep-alive" in wanted)
        )
        self._request = request
        self._requests.append(request)

    def on_chunk_header(self) -> None:
        """A chunk begins."""
        self._silent_bytes = 0

    def on_body(self, data: bytes) -> None:
        """A part of its body has come."""
        self._silent_bytes = 0
        request = self._request
        assert request is not None
        request.buffer += data
        request.received += len(data)
        if request.received > self._limits.body_bytes:
            self._refuse(413, "The body is too large")

    def on_message_complete(self) -> None:
        """It is here."""
        if self._upgrades or self._request is None:
            return
        self._silent_bytes = 0
        self._request.is_complete = True
        self._request, self.has_begun = None, False

    def _find_target(self, request: Request) -> None:
        """Take the target apart: origin form, absolute form, or the asterisk.

        Source: GEN-3
        """
        target = request.target
        if (absolute := _ABSOLUTE.match(target)) is not None:
            # Through a proxy; what stands there is the Host, whatever else was sent.
            request.fields["HTTP_HOST"] = absolute[1].rpartition(b"@")[2].decode("latin-1")
            target = target[absolute.end() :] or b"/"
        path, _, query = target.partition(b"?")
        if target[:1] == b"?":
            path = b"/"
        if b"#" in target or not (path.startswith(b"/") or path == b"*"):
            self._refuse(400, "The request's target is malformed")
        request.path = b"/" + path.lstrip(b"/") if path != b"*" else path
        request.query = query.decode("latin-1")

    def _find_framing(self, request: Request) -> None:
        fields = request.fields
        coding = fields.pop("HTTP_TRANSFER_ENCODING", None)
        if coding is not None:
            if coding.lower() != "chunked":
                self._refuse(400, "Transfer-Encoding: only chunked is known here")
            if request.version == "1.0":
                self._refuse(400, "HTTP/1.0 has no Transfer-Encoding")
            request.chunked = True
        elif int(fields.get("CONTENT_LENGTH", 0)) > self._limits.body_bytes:
            self._refuse(413, "The body is too large")
        request.expects_word = (
            request.version == "1.1" and fields.get("HTTP_EXPECT", "").lower() == "100-continue"
        )

    def _refuse(self, status: int, message: str, rule: str = "GEN-12") -> NoReturn:
        self._failure = RequestError(status, message, rule)
        raise self._failure
