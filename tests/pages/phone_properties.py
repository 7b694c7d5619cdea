"""What the page on phone terminals states of each property."""

from __future__ import annotations

from .statement import Statement

PROPERTIES = (
    Statement("No property is mandatory.", ("PHN-1",)),
    Statement(
        "`label`: the called terminal shows this name when the phone calls, if it can.",
        ("PHN-10", "DAT-9"),
    ),
    Statement(
        "`announce_sound_upon_outgoing_call`: a sound is played as information on outgoing calls.",
        ("PHN-11",),
        phone_property="announce_sound_upon_outgoing_call",
    ),
    Statement(
        "`announce_sound_upon_incoming_call`: a sound is played when a call is answered.",
        ("PHN-12",),
        phone_property="announce_sound_upon_incoming_call",
    ),
    Statement("It is played after an answer through a queue, too.", ("PHN-12",)),
    Statement(
        "`append_to_cid_name_on_transfer`: a mark in the name shows that a call was transferred, "
        "and helps to see from where after a blind transfer.",
        ("PHN-13", "CAL-12"),
    ),
    Statement(
        "The mark is given to who joins a conference.",
        (),
        "which conference is meant the page does not say; *8 announces the plain name",
    ),
    Statement("`auth_type`: `digest` by default, `network` or `both`.", ("PHN-14",)),
    Statement("`digest`: a password is asked for.", ("PHN-14",), phone_property="password"),
    Statement("`network`: only predefined networks.", ("PHN-14", "REG-15")),
    Statement(
        "`both`: a password, from the predefined networks.",
        ("PHN-14", "REG-15"),
        phone_property="password",
    ),
    Statement(
        "`call_screening_enabled`: who picks up hears the caller's number and the public number "
        "that was called.",
        ("PHN-15", "SIM-7"),
    ),
    Statement("The key 1 then answers the call.", ("PHN-15", "SIM-7")),
    Statement("Hanging up then declines it.", ("SIM-7",)),
    Statement("Calls are not screened by default.", ("PHN-15", "SIM-7")),
    Statement("`*8` and an extension's number lead into its local conference.", ("FEA-1",)),
    Statement(
        "`conference_announce_caller_name`: the name of who joins is announced.",
        ("FEA-1", "PHN-16"),
    ),
    Statement(
        "It is not announced for who was invited.",
        (),
        "nobody can be invited into a local conference of mockpbx",
    ),
    Statement(
        "`conference_end_on_exit`: the conference ends when the extension that made it leaves.",
        ("FEA-1", "PHN-17"),
    ),
    Statement("`conference_pin`: others need it to enter.", ("FEA-1", "PHN-18")),
    Statement(
        "`external_number`: calls are sent to that number, such as a mobile phone.",
        ("PHN-19", "SIM-2"),
    ),
    Statement(
        "Such a call is treated as one to the terminal: rules, records, transfers.",
        ("PHN-19", "SIM-2"),
    ),
    Statement("`geo_list`: the countries whose addresses may use the SIP account.", ("REG-15",)),
    Statement("Countries are codes of ISO 3166 A2, parted by blanks.", ("PHN-20",)),
    Statement("Without a list the client's holds.", ("PHN-20", "REG-15", "CLI-1")),
    Statement("`*` allows all countries, whatever the client's list says.", ("PHN-20", "REG-15")),
    Statement("`hangup_timeout`: seconds to wait for an answer, 60.", ("PHN-21", "SIM-4")),
    Statement("After that time the call counts as not answered.", ("SIM-4", "DAT-7")),
    Statement("An incoming rule may take over then, or the call ends.", ("CAL-5", "SIM-4")),
    Statement(
        "`hold_music`: a sound that the other side hears while it is held.",
        ("PHN-22",),
        phone_property="hold_music",
    ),
    Statement(
        "Without one a file of the system sounds.",
        (),
        "that file has no id; what was heard lists a client's own sounds alone",
    ),
    Statement(
        "`ignore_early_media`: what sounds before the answer, such as an autoresponder, is "
        "ignored; useful with an outside number.",
        ("PHN-23",),
        phone_property="ignore_early_media",
    ),
    Statement("`incoming_limit`: how many calls at once, 0 for any number.", ("PHN-24", "SIM-5")),
    Statement("1 is as without call waiting, 2 takes two, and so on.", ("PHN-24", "SIM-5")),
    Statement(
        "`network_permission_group_id`: the trusted networks for `network` and `both`.",
        ("PHN-25", "REG-15"),
    ),
    Statement(
        "`preserve_caller_id_number_att_tr`: whether *2 passes on the caller's number.",
        ("PHN-26", "CAL-12"),
    ),
    Statement(
        "By default *2 shows the extension that transfers, and the caller's number as the name.",
        ("CAL-12",),
        "the table says that the default is true: so only with `att_tr_number=name`",
    ),
    Statement("`record_enabled`: calls are recorded into a file.", ("PHN-27", "SIM-8")),
    Statement("The files are in the records resource.", ("REC-1", "REC-2")),
    Statement(
        "The disk quota is a property of the client.",
        (),
        "the name of that property is not known; `disk_space` tells the whole room",
    ),
    Statement("The room that is taken is in the resource `disk_space`.", ("DSK-1",)),
    Statement("`record_format`: mp3 or wav, or none.", ("PHN-28",)),
    Statement("Without a format the client's holds.", ("PHN-28", "CLI-1")),
    Statement("The format decides how large a file is.", ("PHN-50", "REC-2")),
    Statement("`record_stereo`: stereo or mono; yes, no or none.", ("PHN-29",)),
    Statement("Without it the client's setting holds.", ("PHN-29", "CLI-1")),
    Statement("Stereo decides how large a file is.", ("PHN-50", "REC-2")),
    Statement("`record_transfer`: recording goes on after a transfer.", ("PHN-30", "SIM-9")),
    Statement(
        "It stops when the call gets to another extension that records.", ("PHN-30", "SIM-9")
    ),
    Statement("It needs `record_enabled`.", ("PHN-30", "SIM-8")),
    Statement("`record_on_transfer`: the other side's talk is recorded.", ("PHN-31", "SIM-9")),
    Statement("Without it the extension's own talk is.", ("PHN-31", "SIM-9")),
    Statement("Without it recording stops when the extension hangs up.", ("PHN-31", "SIM-9")),
    Statement("With it, only when the other side hangs up.", ("PHN-31", "SIM-9")),
    Statement(
        "`ringback_sound`: a melody instead of the ringing tone.",
        ("PHN-32",),
        phone_property="ringback_sound",
    ),
    Statement(
        "It is sent as 183, the ringing tone as 180.", (), "no SIP is spoken, so that none is seen"
    ),
    Statement(
        "`static_reg_address`: where calls go when the phone cannot register.",
        ("PHN-33", "SIM-3"),
    ),
    Statement("A phone that goes on registering rings there all the same.", ("PHN-33", "SIM-3")),
    Statement("It is an address and a port, such as 8.8.8.8:5068.", ("PHN-33",)),
    Statement(
        "`transfer_caller_id_number`: the number that is always shown when a call is passed on "
        "inside the PBX.",
        ("PHN-34", "CAL-5", "CAL-12"),
    ),
    Statement(
        "A provider may show another one further on.",
        (),
        "what a provider shows to a number outside is not simulated",
    ),
    Statement(
        "`vm_attach_file`: the notice of a message has its file attached.",
        ("PHN-35",),
        phone_property="vm_attach_file",
    ),
    Statement("`vm_enabled`: voicemail is on.", ("PHN-36", "SIM-4")),
    Statement(
        "`vm_greeting`: the sound that greets there.", ("PHN-37",), phone_property="vm_greeting"
    ),
    Statement(
        "`vm_mailto`: where notices of new messages go, addresses parted by commas.",
        ("PHN-38",),
        phone_property="vm_mailto",
    ),
    Statement("These three mean nothing without `vm_enabled`.", ("PHN-36",)),
    Statement("`intercom`: 0 answers at once.", ("PHN-39", "SIM-6")),
    Statement("1 or more answers after that many seconds.", ("PHN-39", "SIM-6")),
    Statement("None never answers by itself.", ("PHN-39", "SIM-6")),
    Statement("`bundle`: list and id are null without one.", ("PHN-40", "BND-18")),
    Statement("Its list has the linked extensions by id, each with `active`.", ("BND-18",)),
    Statement("`active` tells whether that one takes part in the bundle.", ("BND-18", "BND-20")),
    Statement("Its `bundle_id` is the id of the main extension.", ("BND-18",)),
)
