"""The door for the library aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_REDIRECTS = (301, 302, 303, 307, 308)
_AS_GET = (301, 302, 303)


def patched(
    route: Callable[[str], WSGIApplication | None], address: Callable[[str], str]
) -> Callable[..., Any]:
    """`ClientSession._request` that asks the PBX's own socket, where `route` names one.

    What aiohttp makes of an answer needs a connection, so this door is one to the socket at
    `address`; the host that was asked stays in the request.
    """
    import aiohttp
    from yarl import URL

    request = aiohttp.ClientSession._request

    async def routed(self: Any, method: str, str_or_url: Any, **options: Any) -> Any:
        base = getattr(self, "_base_url", None)
        url = str(base.join(URL(str_or_url)) if base else str_or_url)
        try:
            app = route(url)
        except ConnectionRefusedError as error:
            raise aiohttp.ClientConnectionError(str(error)) from error
        if app is None:
            return await request(self, method, str_or_url, **options)
        scheme, _, rest = url.partition("://")
        host, slash, target = rest.partition("/")
        follows = options.pop("allow_redirects", True)
        headers = dict(options.pop("headers", None) or {})
        if "_mockpbx/" not in target:  # the control API takes no foreign Host on a socket
            headers["Host"] = host.rpartition("@")[2]
        own = await asyncio.to_thread(address, url)
        there = f"{own}/{target}" if slash else own
        plain = {**options, "proxy": None, "ssl": True, "allow_redirects": False}
        answer = await request(self, method, there, headers=headers, **plain)
        if follows and answer.status in _REDIRECTS and "Location" in answer.headers:
            answer.release()
            again = "GET" if answer.status in _AS_GET and method != "HEAD" else method
            led = urljoin(f"{scheme}://{rest}", answer.headers["Location"])
            return await routed(self, again, led, headers=headers)
        return answer

    return routed
