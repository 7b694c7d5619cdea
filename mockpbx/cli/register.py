"""`mockpbx register`."""

from __future__ import annotations

import json

import click

from .fault import Failure


@click.command()
@click.argument("extension")
@click.option(
    "--url",
    default="http://127.0.0.1:8900",
    show_default=True,
    envvar="MOCKPBX_URL",
    help="The running server, with /worlds/NAME for another world.",
)
@click.option("--device", help="What the phone calls itself.")
@click.option("--contact-address", help="Its SIP URI.")
@click.option("--real-address", help="The SIP URI that its packets come from.")
@click.option(
    "--expires", type=int, default=3600, show_default=True, help="Seconds; 0 unregisters."
)
@click.option("--country", help="Two letters, judged by the phone's geo_list.")
def register(extension: str, url: str, **device: object) -> None:
    """Bring the phone of EXTENSION (101, or 2566*101) online at a running server."""
    import urllib3

    wanted = {name: value for name, value in device.items() if value is not None}
    try:
        answer = urllib3.PoolManager(retries=False).request(
            "POST",
            f"{url.rstrip('/')}/_mockpbx/registrations",
            json={"extension": extension, **wanted},
            timeout=10,
        )
    except urllib3.exceptions.HTTPError as fault:
        raise Failure(f"no server answers at {url}") from fault
    body = answer.data.decode("utf-8")
    if answer.status >= 400:
        raise Failure(_message_of(body))
    if body:  # there is none once the phone is unregistered
        click.echo(body.rstrip())


def _message_of(body: str) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, TypeError, KeyError):
        return body
