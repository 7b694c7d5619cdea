"""`mockpbx register`."""

from __future__ import annotations

import json

import click

from .control import ask, url_option


@click.command()
@click.argument("extension")
@url_option
@click.option("--device", help="What the phone calls itself.")
@click.option("--contact-address", help="Its SIP URI.")
@click.option("--real-address", help="The SIP URI that its packets come from.")
@click.option(
    "--expires", type=int, default=3600, show_default=True, help="Seconds; 0 unregisters."
)
@click.option("--country", help="Two letters, judged by the phone's geo_list.")
def register(extension: str, url: str, **device: object) -> None:
    """Bring the phone of EXTENSION (101, or 2566*101) online at a running server."""
    wanted = {name: value for name, value in device.items() if value is not None}
    registration = ask(url, "POST", "/registrations", {"extension": extension, **wanted})
    if registration is not None:  # there is none once the phone is unregistered
        click.echo(json.dumps(registration))
