"""What clients send and what they get for it: conversations with a server, as data.

A conversation is a list of steps: bytes are sent, an `Answer` is read, and so on in order. After
it the connection either serves another request or is closed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A status and a body; without a body only the head is read."""

    status: int
    body: str | None


class HalfClose:
    """The client sends no more, and reads on."""


class Drip:
    """The client sends a byte now and then, until it is answered."""


@dataclass(frozen=True)
class Case:
    """One conversation. `stays` is whether the connection serves another request at its end."""

    kind: str
    name: str
    steps: tuple[bytes | Answer | HalfClose | Drip, ...]
    stays: bool


CASES: list[Case] = []

#: What the server of the corpus takes, and the seconds that it gives slow clients.
TARGET_BYTES = HEADER_BYTES = 2000
BODY_BYTES = 5000
SLOW_S = 0.3

END = b"\r\n"
HOST = b"Host: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
GO_ON = Answer(100, None)
END_OF_SENDING = HalfClose()
DRIP = Drip()


def add(kind: str, name: str, *steps: bytes | Answer | HalfClose | Drip, stays: bool) -> None:
    """One more case."""
    CASES.append(Case(kind, name, steps, stays))


def ok(line: str, body: str = "") -> Answer:
    """The answer of the application, which repeats what it was asked."""
    return Answer(200, f"{line} {body!r}")


def bad(message: str, status: int = 400) -> Answer:
    """A refusal of the server."""
    return Answer(status, message)


def malformed(message: str) -> Answer:
    """A refusal of the parser."""
    return bad(f"Malformed request: {message}")


def get(line: bytes = b"GET /a HTTP/1.1", *fields: bytes, host: bytes = HOST) -> bytes:
    """A request without a body."""
    return line + END + host + b"".join(one + END for one in fields) + END


def post(fields: bytes, body: bytes = b"", line: bytes = b"POST /a HTTP/1.1") -> bytes:
    """A request with those framing headers."""
    return line + END + HOST + fields + END + body


A = ok("GET /a x")
B = ok("GET /b x")
GET_B = get(b"GET /b HTTP/1.1")
POST_A = ok("POST /a x", "abc")
ABC = b"Content-Length: 3\r\n"
CHUNKS = b"3\r\nabc\r\n0\r\n\r\n"
LONG_TARGET = bad("The request's target is too long", 414)
LONG_HEADERS = bad("The request's headers are too long", 431)
LARGE_BODY = bad("The body is too large", 413)
NO_METHOD = bad("Method not allowed", 405)
BAD_TARGET = bad("The request's target is malformed")
BAD_VERSION = bad("Only HTTP/1.0 and HTTP/1.1 are spoken here")
LATE = bad("The request does not arrive in time", 408)
CUT_HEADERS = bad("The request ends before its headers do")
CUT_BODY = bad("The request ends before its body does")
TWO_HOSTS = bad("There is more than one Host")
NO_HOST = bad("There is no Host")
NO_VERB = malformed("Invalid method encountered")

# One case is one statement, in as few lines as it takes.
# fmt: off

# The request line.
add("line", "plain", get(), A, stays=True)
add("line", "a method in small letters", get(b"get /a HTTP/1.1"), NO_METHOD, stays=False)
add("line", "a method of its own", get(b"X-LIST /a HTTP/1.1"), NO_METHOD, stays=False)
add("line", "a tunnel", get(b"CONNECT a:1 HTTP/1.1"), NO_METHOD, stays=False)
add("line", "a method of WebDAV", get(b"PROPFIND /a HTTP/1.1"), ok("PROPFIND /a x"), stays=True)
add("line", "without a body by its method", get(b"HEAD /a HTTP/1.1"), Answer(200, None), stays=True)
add("line", "one word", b"nonsense\r\n\r\n", NO_VERB, stays=False)
add("line", "two blanks", get(b"GET  /a HTTP/1.1"), A, stays=True)
add("line", "a word too many", get(b"GET /a b HTTP/1.1"),
    malformed("Expected HTTP/"), stays=False)
add("line", "a tab for a blank", get(b"GET\t/a HTTP/1.1"),
    malformed("Expected space after method"), stays=False)
add("line", "no version", b"GET /a\r\n\r\n", BAD_VERSION, stays=False)
add("line", "the next version", get(b"GET /a HTTP/2.0"), BAD_VERSION, stays=False)
add("line", "a version that is none", get(b"GET /a HTTP/9.1"),
    malformed("Invalid HTTP version"), stays=False)
add("line", "a long version", get(b"GET /a HTTP/1.10"),
    malformed("Expected CRLF after version"), stays=False)
add("line", "a small protocol", get(b"GET /a http/1.1"),
    malformed("Expected HTTP/"), stays=False)
add("line", "a line feed alone", b"GET /a HTTP/1.1\nHost: x\n\n",
    malformed("Expected CRLF after version"), stays=False)
add("line", "empty lines before it", b"\r\n\r\n" + get(), A, stays=True)
add("line", "no slash", get(b"GET a HTTP/1.1"), malformed("Invalid characters in url"), stays=False)
add("line", "an authority", get(b"GET a:1 HTTP/1.1"),
    malformed("Unexpected char in url schema"), stays=False)
add("line", "a fragment", get(b"GET /a#b HTTP/1.1"), BAD_TARGET, stays=False)
add("line", "a byte that is no ASCII", get(b"GET /\xd0\xb0 HTTP/1.1"),
    malformed("Invalid char in url path"), stays=False)
add("line", "an escape sequence", get(b"GET /a?\x1b[31m HTTP/1.1"),
    malformed("Invalid char in url query"), stays=False)
add("line", "two slashes", get(b"GET //a HTTP/1.1"), A, stays=True)
add("line", "a query with signs", get(b"GET /a?b=/?c HTTP/1.1"), ok("GET /a?b=/?c x"), stays=True)
add("line", "an address", get(b"GET http://y:1/a?b HTTP/1.1"), ok("GET /a?b y:1"), stays=True)
add("line", "an address without a path", get(b"GET HTTP://y HTTP/1.1"), ok("GET / y"), stays=True)
add("line", "an address with a query alone", get(b"GET http://y?b HTTP/1.1"),
    ok("GET /?b y"), stays=True)
add("line", "an address with a user", get(b"GET http://u:p@y/a HTTP/1.1"),
    ok("GET /a y"), stays=True)
add("line", "an address of another protocol", get(b"GET ftp://y/a HTTP/1.1"),
    BAD_TARGET, stays=False)
add("line", "an asterisk", get(b"OPTIONS * HTTP/1.1"), ok("OPTIONS * x"), stays=True)
add("line", "escaped bytes", get(b"GET /%D0%B0%2Fb HTTP/1.1"), ok("GET /\u0430/b x"), stays=True)
add("line", "an escape that is none", get(b"GET /%zz HTTP/1.1"), ok("GET /%zz x"), stays=True)
add("line", "too long", get(b"GET /" + b"a" * TARGET_BYTES + b" HTTP/1.1"),
    LONG_TARGET, stays=False)
add("line", "without an end", *[b"GET /", b"a" * TARGET_BYTES], LONG_TARGET, stays=False)

# Host.
add("host", "none", get(host=b""), NO_HOST, stays=False)
add("host", "none in 1.0", get(b"GET /a HTTP/1.0", host=b""), ok("GET /a 127.0.0.1"), stays=False)
add("host", "two", get(host=b"Host: x\r\nHost: y\r\n"), TWO_HOSTS, stays=False)
add("host", "two under other names", get(host=b"HOST: x\r\nA: b\r\nhost: x\r\n"),
    TWO_HOSTS, stays=False)
add("host", "two in 1.0", get(b"GET /a HTTP/1.0", host=HOST * 2), TWO_HOSTS, stays=False)
add("host", "two with an address", get(b"GET http://y/a HTTP/1.1", host=HOST * 2),
    TWO_HOSTS, stays=False)
add("host", "empty", get(host=b"Host:\r\n"), ok("GET /a "), stays=True)
add("host", "a name of Compose", get(host=b"Host: mock_pbx:8900\r\n"),
    ok("GET /a mock_pbx:8900"), stays=True)
add(
    "host", "an address of IPv6", get(host=b"Host: [::1]:80\r\n"), ok("GET /a [::1]:80"), stays=True
)
add("host", "blanks around it", get(host=b"Host: \t x \t\r\n"), A, stays=True)
add("host", "a blank in it", get(host=b"Host: x y\r\n"), ok("GET /a x y"), stays=True)
add("host", "a path in it", get(host=b"Host: x/y\r\n"), ok("GET /a x/y"), stays=True)
add("host", "an address instead of it", get(b"GET http://y/a HTTP/1.1", host=b""),
    ok("GET /a y"), stays=True)
add("host", "other bytes in it", get(host=b"Host: \xd0\xb0\r\n"), ok("GET /a \xd0\xb0"), stays=True)
add("host", "behind the body", post(CHUNKED, b"3\r\nabc\r\n0\r\nHost: y\r\n\r\n"),
    POST_A, stays=True)

# Other headers.
add("headers", "no colon", get(b"GET /a HTTP/1.1", b"nonsense"),
    malformed("Invalid header token"), stays=False)
add("headers", "no name", get(b"GET /a HTTP/1.1", b": b"),
    malformed("Invalid header token"), stays=False)
add("headers", "a blank before the colon", get(b"GET /a HTTP/1.1", b"A : b"),
    malformed("Invalid header token"), stays=False)
add("headers", "a folded one", get(b"GET /a HTTP/1.1", b"A: b", b" c"),
    malformed("Unexpected whitespace after header value"), stays=False)
add("headers", "a folded first one", b"GET /a HTTP/1.1\r\n A: b\r\n\r\n",
    malformed("Unexpected space after start line"), stays=False)
add("headers", "a zero", get(b"GET /a HTTP/1.1", b"A: \0"),
    malformed("Invalid header value char"), stays=False)
add("headers", "a carriage return", get(b"GET /a HTTP/1.1", b"A: b\rc"),
    malformed("Missing expected LF after header value"), stays=False)
add("headers", "a line feed alone", get(b"GET /a HTTP/1.1", b"A: b\nC: d"),
    malformed("Missing expected CR after header value"), stays=False)
add("headers", "no value", get(b"GET /seen HTTP/1.1", b"X-A:"),
    ok("GET /seen x", "X_A="), stays=True)
add("headers", "one twice", get(b"GET /seen HTTP/1.1", b"X-A: 1", b"x-a:2"),
    ok("GET /seen x", "X_A=1,2"), stays=True)
add("headers", "cookies twice", get(b"GET /seen HTTP/1.1", b"Cookie: a=1", b"Cookie: b=2"),
    ok("GET /seen x", "COOKIE=a=1;b=2"), stays=True)
add("headers", "one that looks like another", get(b"GET /seen HTTP/1.1", b"X_A: 1", b"X-A: 2"),
    ok("GET /seen x", "X_A=2"), stays=True)
add("headers", "too many", get(b"GET /a HTTP/1.1", *[b"A: 12345678"] * 300),
    LONG_HEADERS, stays=False)
add("headers", "one without an end", b"GET /a HTTP/1.1\r\nA: ", b"b" * 200_000,
    LONG_HEADERS, stays=False)

# Lengths.
add("length", "as long as it says", post(ABC, b"abc"), POST_A, stays=True)
add("length", "in pieces", post(ABC), b"a", b"bc", POST_A, stays=True)
add("length", "none", post(b""), ok("POST /a x"), stays=True)
add("length", "zero", post(b"Content-Length: 0\r\n"), ok("POST /a x"), stays=True)
add("length", "zeros before it", post(b"Content-Length: 0003\r\n", b"abc"), POST_A, stays=True)
add("length", "a blank behind it", post(b"Content-Length: 3 \r\n", b"abc"), POST_A, stays=True)
add("length", "with GET", post(ABC, b"abc", b"GET /a HTTP/1.1"), ok("GET /a x", "abc"), stays=True)
add("length", "with HEAD", post(ABC, b"abc", b"HEAD /a HTTP/1.1"), Answer(200, None), stays=True)
add("length", "a blank before the colon", post(b"Content-Length : 3\r\n", b"abc"),
    malformed("Invalid header field char"), stays=False)
add("length", "two", post(ABC * 2, b"abc"), malformed("Duplicate Content-Length"), stays=False)
add("length", "a list", post(b"Content-Length: 3, 3\r\n", b"abc"),
    malformed("Invalid character in Content-Length"), stays=False)
add("length", "signed", post(b"Content-Length: +3\r\n", b"abc"),
    malformed("Invalid character in Content-Length"), stays=False)
add("length", "below zero", post(b"Content-Length: -3\r\n"),
    malformed("Invalid character in Content-Length"), stays=False)
add("length", "no value", post(b"Content-Length:\r\n", b"abc"),
    malformed("Empty Content-Length"), stays=False)
add("length", "beyond 64 bits", post(b"Content-Length: 99999999999999999999999\r\n"),
    malformed("Content-Length overflow"), stays=False)
add("length", "beyond the limit", post(b"Content-Length: 5001\r\n"), LARGE_BODY, stays=False)
add("length", "beyond the limit, sent", post(b"Content-Length: 99999\r\n"), b"a" * 99999,
    LARGE_BODY, stays=False)
add("length", "up to the limit", post(b"Content-Length: 5000\r\n", b"a" * 5000),
    ok("POST /a x", "a" * 5000), stays=True)
add("length", "shorter than what comes", post(ABC, b"abcdef"), POST_A, NO_VERB, stays=False)
add("length", "under a name like it", post(b"Content_Length: 3\r\n"), ok("POST /a x"), stays=True)
add("length", "not read by the application", post(ABC, b"abc", b"POST /unread HTTP/1.1"),
    Answer(401, "unread"), stays=True)
add("length", "not read and not come", post(ABC, b"", b"POST /unread HTTP/1.1"),
    Answer(401, "unread"), stays=False)
add("length", "lines of it", post(b"Content-Length: 5\r\n", b"a\nb\nc", b"POST /lines HTTP/1.1"),
    ok("POST /lines x", "a\n|b\n|c"), stays=True)
add("length", "lines of it in pieces",
    post(b"Content-Length: 5\r\n", b"a", b"POST /lines HTTP/1.1"), b"\nb", b"\nc",
    ok("POST /lines x", "a\n|b\n|c"), stays=True)

# Chunks.
add("chunks", "one", post(CHUNKED, CHUNKS), POST_A, stays=True)
add("chunks", "several", post(CHUNKED, b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"), POST_A, stays=True)
add("chunks", "a byte at a time", post(CHUNKED),
    *[CHUNKS[i:i + 1] for i in range(len(CHUNKS))], POST_A, stays=True)
add("chunks", "none", post(CHUNKED, b"0\r\n\r\n"), ok("POST /a x"), stays=True)
add("chunks", "an extension", post(CHUNKED, b"3;x=y\r\nabc\r\n0\r\n\r\n"), POST_A, stays=True)
add("chunks", "a quoted extension", post(CHUNKED, b'3;x="y;"\r\nabc\r\n0\r\n\r\n'),
    POST_A, stays=True)
add("chunks", "a line in an extension", post(CHUNKED, b'3;x="\r\n"\r\nabc\r\n0\r\n\r\n'),
    malformed("Invalid character in chunk extensions quoted value"), stays=False)
add("chunks", "an extension without an end", post(CHUNKED, b"3;"), b"x" * 200_000,
    LONG_HEADERS, stays=False)
add("chunks", "a trailer", post(CHUNKED, b"3\r\nabc\r\n0\r\nA: b\r\n\r\n"), POST_A, stays=True)
add("chunks", "a length in the trailer", post(CHUNKED, b"0\r\nContent-Length: 1\r\n\r\n"),
    malformed("Content-Length can't be present with Transfer-Encoding"), stays=False)
add("chunks", "trailers without an end", post(CHUNKED, b"0\r\n"), b"A: 12345678\r\n" * 300,
    LONG_HEADERS, stays=False)
add(
    "chunks",
    "zeros before the size",
    post(CHUNKED, b"0003\r\nabc\r\n0\r\n\r\n"),
    POST_A,
    stays=True,
)
add("chunks", "a size in capitals", post(CHUNKED, b"A\r\nabcdefghij\r\n0\r\n\r\n"),
    ok("POST /a x", "abcdefghij"), stays=True)
add("chunks", "a size with its base", post(CHUNKED, b"0x3\r\nabc\r\n0\r\n\r\n"),
    malformed("Invalid character in chunk size"), stays=False)
add("chunks", "a size below zero", post(CHUNKED, b"-5\r\n"),
    malformed("Invalid character in chunk size"), stays=False)
add("chunks", "no size", post(CHUNKED, b"\r\n"),
    malformed("Invalid character in chunk size"), stays=False)
add("chunks", "a blank behind the size", post(CHUNKED, b"3 \r\nabc\r\n"),
    malformed("Invalid character in chunk size"), stays=False)
add("chunks", "a size beyond 64 bits", post(CHUNKED, b"F" * 18 + b"\r\n"),
    malformed("Chunk size overflow"), stays=False)
add("chunks", "a line feed alone", post(CHUNKED, b"3\nabc\n0\n\n"),
    malformed("Missing expected CR after chunk size"), stays=False)
add("chunks", "longer than its size", post(CHUNKED, b"3\r\nabcd\r\n"),
    malformed("Expected LF after chunk data"), stays=False)
add("chunks", "beyond the limit in one", post(CHUNKED, b"FFFF\r\n" + b"a" * 0xFFFF),
    LARGE_BODY, stays=False)
add("chunks", "beyond the limit in many", post(CHUNKED, b"1\r\na\r\n" * 6000 + b"0\r\n\r\n"),
    LARGE_BODY, stays=False)
add("chunks", "with a length", post(CHUNKED + ABC, CHUNKS),
    malformed("Content-Length can't be present with Transfer-Encoding"), stays=False)
add("chunks", "after a length", post(ABC + CHUNKED, CHUNKS),
    malformed("Transfer-Encoding can't be present with Content-Length"), stays=False)
add("chunks", "in 1.0", post(CHUNKED, CHUNKS, b"POST /a HTTP/1.0"),
    bad("HTTP/1.0 has no Transfer-Encoding"), stays=False)
add("chunks", "packed", post(b"Transfer-Encoding: gzip, chunked\r\n", CHUNKS),
    bad("Transfer-Encoding: only chunked is known here"), stays=False)
add("chunks", "packed afterwards", post(b"Transfer-Encoding: chunked, gzip\r\n", CHUNKS),
    malformed("Invalid `Transfer-Encoding` header value"), stays=False)
add("chunks", "twice", post(CHUNKED * 2, CHUNKS),
    malformed("Invalid `Transfer-Encoding` header value"), stays=False)
add("chunks", "by another name", post(b"Transfer-Encoding: identity\r\n", CHUNKS),
    bad("Transfer-Encoding: only chunked is known here"), stays=False)
add("chunks", "in capitals", post(CHUNKED.upper(), CHUNKS), POST_A, stays=True)

# Connection.
add("connection", "close", get(b"GET /a HTTP/1.1", b"Connection: close"), A, stays=False)
add("connection", "close with capitals", get(b"GET /a HTTP/1.1", b"Connection: Close"),
    A, stays=False)
add("connection", "close in a list", get(b"GET /a HTTP/1.1", b"Connection: x ,close, TE"),
    A, stays=False)
add("connection", "close in a second header",
    get(b"GET /a HTTP/1.1", b"Connection: x", b"A: b", b"connection: close"), A, stays=False)
add("connection", "both", get(b"GET /a HTTP/1.1", b"Connection: keep-alive, close"), A, stays=False)
add("connection", "keep-alive", get(b"GET /a HTTP/1.1", b"Connection: keep-alive"), A, stays=True)
add(
    "connection", "a word like close", get(b"GET /a HTTP/1.1", b"Connection: closed"), A, stays=True
)
add("connection", "1.0", get(b"GET /a HTTP/1.0"), A, stays=False)
add("connection", "1.0 that is to stay", get(b"GET /a HTTP/1.0", b"Connection: Keep-Alive"),
    A, stays=True)
add("connection", "another header about it", get(b"GET /a HTTP/1.1", b"Proxy-Connection: close"),
    A, stays=False)
add("connection", "close with a body", post(b"Connection: close\r\n" + ABC, b"abc"),
    POST_A, stays=False)
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
add("connection", "upgrade", get(b"GET /a HTTP/1.1", UPGRADE.rstrip()), A, stays=True)
add("connection", "upgrade with a body", post(UPGRADE + ABC, b"abc"), POST_A, stays=True)
add("connection", "upgrade with chunks", post(UPGRADE + CHUNKED, CHUNKS), POST_A, stays=True)
add("connection", "upgrade with a late body", post(UPGRADE + ABC), b"a", b"bc", POST_A, stays=True)
add("connection", "upgrade and close",
    post(b"Connection: upgrade, close\r\nUpgrade: h2c\r\n" + ABC), b"abc", POST_A, stays=False)
add("connection", "an upgrade that is not meant", get(b"GET /a HTTP/1.1", b"Upgrade: h2c"),
    A, stays=True)
add("connection", "an answer without a length", get(b"GET /parts HTTP/1.1"),
    Answer(200, "first second"), stays=True)
add("connection", "an answer without a length in 1.0",
    get(b"GET /parts HTTP/1.0", b"Connection: keep-alive"),
    Answer(200, "first second"), stays=False)
add("connection", "an answer without a body", get(b"GET /nothing HTTP/1.1"),
    Answer(204, None), stays=True)
add("connection", "an answer that breaks off", get(b"GET /short HTTP/1.1"),
    Answer(200, "abc"), stays=False)
add("connection", "no answer", get(b"GET /drop HTTP/1.1"), stays=False)

# Expect.
EXPECT = b"Expect: 100-continue\r\n"
add("expect", "a body that waits", post(EXPECT + ABC), GO_ON, b"abc", POST_A, stays=True)
add("expect", "in capitals", post(EXPECT.upper() + ABC), GO_ON, b"abc", POST_A, stays=True)
add("expect", "chunks that wait", post(EXPECT + CHUNKED), GO_ON, CHUNKS, POST_A, stays=True)
add("expect", "a body that does not wait", post(EXPECT + ABC, b"abc"), POST_A, stays=True)
add("expect", "a body of nothing", post(EXPECT + b"Content-Length: 0\r\n"),
    ok("POST /a x"), stays=True)
add("expect", "no body", get(b"GET /a HTTP/1.1", EXPECT.rstrip()), A, stays=True)
add("expect", "in 1.0", post(EXPECT + ABC, b"", b"POST /a HTTP/1.0"), b"abc", POST_A, stays=False)
add("expect", "something else", post(b"Expect: more\r\n" + ABC), b"abc", POST_A, stays=True)
add("expect", "twice", post(EXPECT + ABC), GO_ON, b"abc", POST_A,
    post(EXPECT + ABC), GO_ON, b"abc", POST_A, stays=True)
add("expect", "a body that is too large", post(EXPECT + b"Content-Length: 9999\r\n"),
    LARGE_BODY, stays=False)
add("expect", "a request that is refused", post(EXPECT + HOST + ABC), TWO_HOSTS, stays=False)
add("expect", "an application that needs no body",
    post(EXPECT + ABC, b"", b"POST /unread HTTP/1.1"), Answer(401, "unread"), stays=False)
add("expect", "chunks that are none", post(EXPECT + CHUNKED), GO_ON, b"zz\r\n",
    malformed("Invalid character in chunk size"), stays=False)
add("expect", "with an upgrade", post(UPGRADE + EXPECT + ABC), GO_ON, b"abc", POST_A, stays=True)

# A client that closes its half.
add("half-close", "at once", END_OF_SENDING, stays=False)
add("half-close", "after an empty line", END, END_OF_SENDING, stays=False)
add("half-close", "in the method", b"PO", END_OF_SENDING, CUT_HEADERS, stays=False)
add("half-close", "in the target", b"GET /a", END_OF_SENDING, CUT_HEADERS, stays=False)
add("half-close", "in the headers", b"GET /a HTTP/1.1\r\nHost: x\r\n", END_OF_SENDING,
    CUT_HEADERS, stays=False)
add("half-close", "after a request", get(), END_OF_SENDING, A, stays=False)
add("half-close", "after two requests", get() + GET_B, END_OF_SENDING, A, B, stays=False)
add("half-close", "after the last request", get(b"GET /a HTTP/1.1", b"Connection: close"),
    END_OF_SENDING, A, stays=False)
add("half-close", "after an answer", get(), A, END_OF_SENDING, stays=False)
add("half-close", "in the second request", get() + b"GET", END_OF_SENDING, A, CUT_HEADERS,
    stays=False)
add("half-close", "in the body", post(ABC, b"ab"), END_OF_SENDING, CUT_BODY, stays=False)
add("half-close", "before the body", post(ABC), END_OF_SENDING, CUT_BODY, stays=False)
add("half-close", "in a chunk", post(CHUNKED, b"3\r\nab"), END_OF_SENDING, CUT_BODY, stays=False)
add("half-close", "before the last chunk", post(CHUNKED, b"3\r\nabc\r\n"), END_OF_SENDING,
    CUT_BODY, stays=False)
add("half-close", "in the trailer", post(CHUNKED, b"0\r\nA: b"), END_OF_SENDING,
    CUT_BODY, stays=False)
add("half-close", "instead of a body that waits", post(EXPECT + ABC), GO_ON, END_OF_SENDING,
    CUT_BODY, stays=False)
add("half-close", "in the body after an upgrade", post(UPGRADE + ABC, b"ab"), END_OF_SENDING,
    CUT_BODY, stays=False)

# Clients that are slow; the server waits for them for a moment.
add("slow", "silent", stays=False)
add("slow", "an empty line", END, stays=False)
add("slow", "half a line", b"GET /a HT", LATE, stays=False)
add("slow", "no version", b"GET /a\r\n", LATE, stays=False)
add("slow", "half the headers", b"GET /a HTTP/1.1\r\nHost: x\r\n", LATE, stays=False)
add("slow", "half a body", post(ABC, b"ab"), LATE, stays=False)
add("slow", "half a chunk", post(CHUNKED, b"3\r\na"), LATE, stays=False)
add("slow", "half a trailer", post(CHUNKED, b"0\r\nA: "), LATE, stays=False)
add("slow", "a byte now and then", b"GET /", DRIP, LATE, stays=False)
add(
    "slow", "a body a byte now and then", post(b"Content-Length: 4000\r\n"), DRIP, LATE, stays=False
)
add("slow", "silent after an answer", get(), A, stays=False)
add("slow", "half a second request", get(), A, b"GET /b", LATE, stays=False)
add("slow", "half a second request in one piece", get() + b"GET /b", A, LATE, stays=False)
add("slow", "a body that is waited for", post(EXPECT + ABC), GO_ON, LATE, stays=False)
add("slow", "half a body after an upgrade", post(UPGRADE + ABC, b"ab"), LATE, stays=False)

# Requests without waiting for answers.
add("pipelining", "two", get() + GET_B, A, B, stays=True)
add("pipelining", "with a body first", post(ABC, b"abc") + GET_B, POST_A, B, stays=True)
add("pipelining", "with chunks first", post(CHUNKED, CHUNKS) + GET_B, POST_A, B, stays=True)
add(
    "pipelining",
    "with HEAD first",
    get(b"HEAD /a HTTP/1.1") + GET_B,
    Answer(200, None),
    B,
    stays=True,
)
add("pipelining", "with an upgrade first", get(b"GET /a HTTP/1.1", UPGRADE.rstrip()) + GET_B,
    A, B, stays=True)
add("pipelining", "a hundred", get() * 100, *[A] * 100, stays=True)
add("pipelining", "cut anywhere", get() + GET_B[:20], GET_B[20:], A, B, stays=True)
add("pipelining", "empty lines between", get() + END + GET_B, A, B, stays=True)
add("pipelining", "after the last one", get(b"GET /a HTTP/1.1", b"Connection: close") + GET_B,
    A, stays=False)
add("pipelining", "after 1.0", get(b"GET /a HTTP/1.0") + GET_B, A, stays=False)
add("pipelining", "a bad one second", get() + get(b"GET /b HTTP/1.1", b"nonsense"),
    A, malformed("Invalid header token"), stays=False)
add("pipelining", "an unknown method second", get() + get(b"GRAB /b HTTP/1.1"),
    A, NO_METHOD, stays=False)
add("pipelining", "no Host in the second", get() + get(host=b""), A, NO_HOST, stays=False)
add("pipelining", "a bad one first", get(host=b"") + GET_B, NO_HOST, stays=False)
add("pipelining", "a large one first", post(b"Content-Length: 9999\r\n") + GET_B,
    LARGE_BODY, stays=False)
add("pipelining", "after a body that nobody read",
    post(ABC, b"abc", b"POST /unread HTTP/1.1") + GET_B, Answer(401, "unread"), B, stays=True)
add("pipelining", "after an answer in parts", get(b"GET /parts HTTP/1.1") + GET_B,
    Answer(200, "first second"), B, stays=True)

# What is no HTTP at all.
add("no http", "TLS", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"r" * 99, NO_VERB, stays=False)
add("no http", "SSH", b"SSH-2.0-OpenSSH_9.6\r\n", NO_VERB, stays=False)
add("no http", "SIP", b"OPTIONS sip:101@x SIP/2.0\r\n\r\n", 
    malformed("Unexpected char in url schema"), stays=False)
add("no http", "mail", b"EHLO x\r\n", NO_VERB, stays=False)
add("no http", "RTSP", b"DESCRIBE rtsp://x/a RTSP/1.0\r\n\r\n", BAD_TARGET, stays=False)
add("no http", "HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    malformed("Pause on PRI/Upgrade"), stays=False)
add("no http", "an answer", b"HTTP/1.1 200 OK\r\n\r\n", NO_VERB, stays=False)
add("no http", "a database", b"*1\r\n$4\r\nPING\r\n", NO_VERB, stays=False)
add("no http", "a proxy's line", b"PROXY TCP4 203.0.113.1 203.0.113.2 1 2\r\n" + get(),
    NO_VERB, stays=False)
add("no http", "zeros", b"\0" * 1000, NO_VERB, stays=False)
add("no http", "wide letters", get().decode().encode("utf-16"), NO_VERB, stays=False)
add("no http", "JSON", b'{"method": "GET"}\n', NO_VERB, stays=False)
add("no http", "a frame of a socket", b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
    NO_VERB, stays=False)
add("no http", "blanks", b" " * 10 + get(), NO_VERB, stays=False)
add("no http", "empty lines without an end", END * 100_000, LONG_TARGET, stays=False)
