"""Phone terminal properties: what a phone does with calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.errors import InvalidError, not_found
from ...core.world import World
from ..bundle.model import link
from ..extension.model import Extension, Type, bundle_of, share

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
ZW
"""
_ATT_TR = "preserve_caller_id_number_att_tr"
#: Assigned country codes of ISO 3166-1 alpha-2.
COUNTRIES = frozenset(_CODES.split())


@dataclass(frozen=True, slots=True)
class Phone:
    """The properties of one phone, under its extension's id; defaults as documented.

    Source: PHN-10, PHN-11, PHN-12, PHN-13, PHN-14, PHN-15, PHN-16, PHN-17, PHN-18, PHN-19, PHN-20,
        PHN-21, PHN-22, PHN-23, PHN-24, PHN-25, PHN-26, PHN-27, PHN-28, PHN-29, PHN-30, PHN-31,
        PHN-32, PHN-33, PHN-34, PHN-35, PHN-36, PHN-37, PHN-38, PHN-39, PHN-41, PHN-42
    """

    TABLE: ClassVar[str] = "phone"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = (
        "record_transfer",
        "ringback_sound",
        "geo_list",
        "record_enabled",
        "hold_music",
        "announce_sound_upon_outgoing_call",
        "announce_sound_upon_incoming_call",
        "conference_pin",
        "conference_announce_caller_name",
        "conference_end_on_exit",
        "record_format",
        "record_stereo",
        "incoming_limit",
    )

    id: int
    label: str | None = None
    announce_sound_upon_outgoing_call: int | None = None
    announce_sound_upon_incoming_call: int | None = None
    append_to_cid_name_on_transfer: str | None = None
    auth_type: str = "digest"
    call_screening_enabled: bool = False
    conference_announce_caller_name: bool = True
    conference_end_on_exit: bool = True
    conference_pin: str | None = None
    external_number: str | None = None
    geo_list: str | None = None
    hangup_timeout: int = 60
    hold_music: int | None = 0
    ignore_early_media: bool = True
    incoming_limit: int = 0
    network_permission_group_id: int | None = 0
    preserve_caller_id_number_att_tr: bool | None = None
    record_enabled: bool = True
    record_format: str | None = None
    record_stereo: bool | None = None
    record_transfer: bool = True
    record_on_transfer: bool = False
    ringback_sound: int | None = 0
    static_reg_address: str | None = None
    transfer_caller_id_number: str | None = None
    vm_attach_file: bool = True
    vm_enabled: bool = True
    vm_greeting: int | None = 0
    vm_mailto: str | None = None
    intercom: int | None = None
    allow_webrtc: bool = False
    password: str | None = None


def of(world: World, extension: Extension) -> Phone:
    """The extension's properties, the defaults where none were set.

    Raises:
        NotFoundError: the extension is not a phone.

    Source: PHN-1, PHN-3
    """
    if extension.type != Type.PHONE:
        raise not_found(f"extension {extension.id} is {extension.type}, not phone", "PHN-3")
    return phone_with(world, extension.id)


def phone_with(world: World, extension_id: int) -> Phone:
    """What is set of the phone with that id, the defaults where nothing was; gone or not."""
    return world.store.find(Phone, extension_id) or _untouched(extension_id)


def recording_format(world: World, phone: Phone) -> tuple[str, bool]:
    """The format and whether it is stereo, of what the phone records; null is the client's.

    Source: PHN-28, PHN-29, CLI-1
    """
    extension = world.store.find(Extension, phone.id)
    if extension is None:  # deleted since
        return phone.record_format or "mp3", bool(phone.record_stereo)
    client = world.store.get(Client, extension.client_id)
    stereo = client.record_stereo if phone.record_stereo is None else phone.record_stereo
    return phone.record_format or client.record_format, stereo


#: The phone of an extension that nobody has set anything of; every call asks for it often.
_untouched = lru_cache(4096)(Phone)


def change(world: World, extension: Extension, fields: Mapping[str, Any]) -> Phone:
    """The phone has the given properties; the others keep their values.

    What a bundle keeps equal changes on every extension of the bundle.

    Raises:
        NotFoundError: the extension is not a phone.
        InvalidError: the bundle breaks a rule.

    Source: PHN-4, PHN-1, BND-16, BND-17, BND-19
    """
    phone = of(world, extension)
    values = {name: value for name, value in fields.items() if name != "bundle"}
    if values.get(_ATT_TR) is preserves_number(world, phone):
        del values[_ATT_TR]  # what is said already need not be kept
    if values:
        share(world, extension, Phone, values)
        world.store.put(replace(phone, **values))
    if "bundle" in fields:
        _set_bundle(world, extension, fields["bundle"])
    return of(world, extension)


def shown(world: World, extension: Extension) -> dict[str, Any]:
    """All properties with the bundle, as the documentation shows them.

    Source: PHN-1, PHN-29, PHN-40, PHN-41
    """
    phone = of(world, extension)
    values = {name: getattr(phone, name) for name in Phone.__slots__}
    values["preserve_caller_id_number_att_tr"] = preserves_number(world, phone)
    if world.readings.record_stereo == "words":
        values["record_stereo"] = {True: "yes", False: "no", None: None}[phone.record_stereo]
    values["bundle"] = bundle_shown(world, extension)
    return values


def preserves_number(world: World, phone: Phone) -> bool:
    """Whether an attended transfer keeps the caller's number; unless set, the reading says it.

    Source: PHN-26
    """
    if phone.preserve_caller_id_number_att_tr is None:
        return world.readings.att_tr_number == "preserve"
    return phone.preserve_caller_id_number_att_tr


def bundle_shown(world: World, extension: Extension) -> dict[str, Any]:
    """The bundle that the extension is in, keyed by the ids of the linked ones.

    Source: BND-18, PHN-40
    """
    main_id, links = bundle_of(world, extension.id)
    if main_id is None:
        return {"bundle_list": None, "bundle_id": None}
    members = {str(link.id): {"active": link.active} for link in links}
    return {"bundle_list": members, "bundle_id": main_id}


def _set_bundle(world: World, extension: Extension, bundle: Mapping[str, Any]) -> None:
    """Set the bundle as a PUT of the properties does.

    Source: BND-19, BND-20
    """
    main_id, links = bundle_of(world, extension.id)
    wanted: dict[int, bool] = dict(bundle["bundle_list"] or {})
    wanted_id = bundle.get("bundle_id")
    if main_id not in (None, extension.id):
        if wanted_id not in (None, main_id) or wanted != {link.id: link.active for link in links}:
            text = f"bundle: {extension.id} is linked to {main_id}, which alone can change it"
            raise InvalidError("BND-19", text)
        return
    if wanted_id not in (None, extension.id):
        raise InvalidError("BND-19", f"bundle.bundle_id: must be {extension.id} or null")
    link(world, extension, list(wanted), [key for key, active in wanted.items() if not active])
