"""`/client/{client_id}/sound/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.media import Media
from ...web.operation import Resource
from . import model
from .model import SOUND_ID, Announcement
from .schema import SoundFilter, SoundOut

sound = Resource("sound", "Sounds that are played to callers.", parameters=(CLIENT_ID, SOUND_ID))

LIST = "/client/<client>/sound/"


@sound.operation(
    "GET", LIST, query=SoundFilter, returns=SoundOut, many=True, facts=["SND-1", "GEN-14"]
)
def list_sounds(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the sounds that the client has, one page."""
    return model.listed(world, client, query)


@sound.operation(
    "GET",
    "/client/<client>/sound/<sound>/download/",
    item=model.find,
    media=("audio/wav",),
    also=(206,),
    facts=["SND-1", "REC-2"],
    refuses={404: ["SND-1"], 416: ["REC-2"]},
)
def download_sound(sound: Announcement) -> Media:
    """Hear one sound."""
    return Media(sound.sound, sound.filename)
