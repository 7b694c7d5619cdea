"""The rows of the table of facts, by section: id, basis and statement, parted by a bar.

A statement that needs more than one line goes on, indented by four blanks.
"""

SECTIONS: dict[str, str] = {
    "Conventions of the whole API": """
GEN-1 | doc | Under `/api/ver1.0` a list is `/{realm}/{id}/{resource}/` and an item adds its own id;
    the realms are `client`, `extension_group` and `extension`.
GEN-2 | observed | Lists are served without their closing slash and items with one, directly and
    without a redirect (reading `slashes`).
GEN-3 | observed | A doubled slash inside a path counts as one and is served without a redirect.
GEN-4 | doc | Bodies are JSON under `application/json`; a GET has its parameters in the query.
GEN-5 | doc | Success is 200 for GET and PUT, 201 for POST and 204 without a body for DELETE,
    unless the resource has a rule of its own.
GEN-6 | doc, observed | Every 4xx answer is a JSON object with `message`, at times with a `status`
    word, never HTML and never empty; 404, 405 and 429 are no exception.
GEN-7 | observed | Ids are JSON integers of at most 32 unsigned bits.
GEN-8 | observed | JSON answers are plain ASCII; all other characters are written as escapes.
GEN-9 | observed | Answers write moments as `YYYY-MM-DD HH:MM:SS` in UTC without a zone;
    `init_time_gmt` adds a fraction, `.76` in cdr and record rows, `,60` in current calls.
GEN-10 | observed | Queries write moments as answers do, the blank as `+` or `%20`, with or without
    leading zeros; an ISO `T` is a 400.
GEN-11 | observed | A repeated query parameter is read from `a=1&a=2`, `a[]=1` and `a[0]=1` alike;
    an empty one counts as absent and an unknown one is ignored.
GEN-12 | observed | No odd request ends in a 500: a useless body, header or raw `*` is tolerated;
    broken JSON, a wrong charset and an array in the place of an object are a 400.
GEN-13 | doc, observed | Answers are HTTP/1.1 with a reason phrase and are compressed when gzip is
    offered; a client that offers none is noted and served.
GEN-14 | doc, observed, assumed | Pages count from 1 and hold `per_page` rows (20 unless asked, 100
    in the call history, 100000 of parts); a page beyond the last is empty; 0 is taken as nothing
    said.
GEN-15 | assumed | Unknown fields of a body are ignored and noted (reading `unknown_fields`).
GEN-16 | assumed | Numbers and booleans in a body need that JSON type; `"5"` or `"yes"` is a 400
    except where a fact names clients that send it.
GEN-17 | doc, observed, assumed | An hourly limit per client (1000 unless set, assumed; an
     application can have its own) is told in `X-RateLimit-*` outside `/oauth/`; if on (off unless
     set, assumed), more is a 429 until the hour ends.
GEN-18 | observed, assumed | Browsers of other origins are served: preflights are answered and
     `Access-Control-Allow-Origin` is sent. Which headers pages may read nobody has seen.
GEN-19 | doc | An extension is named for good `prefix*number`, in digits, its number as long as the
    client's `extension_len` (2 to 4, usually 3); `@domain` may follow.
""",
    "Errors": """
ERR-1 | doc, observed | Without a known, unexpired token the answer is 401 with `{"message":
    "Unauthorized"}`.
ERR-2 | doc | A client or extension that the user has no right to is a 403 `access_denied`.
ERR-3 | doc | A user who is blocked, or whose client is, gets 403 `user_blocked`.
ERR-4 | doc | A `read_only` user who tries more than a GET gets 403 `user_access_type_deny`.
ERR-5 | doc | An application whose access level does not cover the operation gets 403
    `app_access_type_deny`.
ERR-6 | doc, observed | A missing resource is a 404 with `{"message": "Not found"}`, a missing
    record one with `{"message": "Record not found"}`.
ERR-7 | doc | A client id that nobody has is a 404 `client_not_found`.
ERR-8 | doc | A request beyond the rate limit is a 429 `rate_limit_exceeded`.
ERR-9 | assumed | A body or parameter that breaks a rule is a 400 whose `message` names every
    offending field together with its rule.
ERR-10 | assumed | A method that the path does not have is a 405 with `Allow`.
ERR-11 | assumed | Of several refusals the first of these wins: unknown path, method, token, rate
    limit, blocked, application level, user level, missing owner, foreign resource, bad input.
ERR-12 | assumed | A broken bundle rule is a 400.
""",
    "Authorization": """
AUT-1 | doc, observed | `POST /oauth/token` reads its parameters from a form, from multipart or,
    when the body is empty, from the query.
AUT-2 | observed, assumed | The token request may say `application_id` and `application_secret`
    instead of `client_id` and `client_secret`, and may add `scope=all`. Both may come as HTTP Basic
    (assumed: two OAuth libraries send it unasked), which the body must not contradict.
AUT-3 | example | Grant `client_credentials` gives a `Bearer` token of 30 letters and digits with
    an integer `expires_in` of 3600 and scope `all`, without a refresh token.
AUT-4 | example | Grant `password` gives a token with a `refresh_token` and without a scope.
AUT-5 | doc | Grant `authorization_code` starts on a login page at `/oauth/authorize`, which sends
    the browser back with a `code` to exchange for a token and a refresh token.
AUT-6 | observed | A program can log in there without seeing the page, by a POST, a POST with the
    login and a GET, each answered with a 302; the last one adds `code` to the redirect address.
AUT-7 | doc | Grant `refresh_token` gives a new pair; an unknown or expired refresh token is a 401
    `invalid_grant`.
AUT-8 | assumed | Token errors use the words of RFC 6749: 401 `invalid_client`, 400
    `invalid_request`, `unsupported_grant_type` or `unauthorized_client`.
AUT-9 | doc | Each type of application has one grant: `public` the code, `trusted` its own
    credentials (acting as its creator), `password_credentials` the password; its level is `Call
    API` or `All`.
AUT-10 | assumed | `Call API` covers events, callback, current calls, call history, calls, the
    user, and reading extensions and registrations.
AUT-11 | doc, observed | The token travels only in the `Authorization: Bearer` header, whose name
    may be in any case and whose colon needs no blank after it.
AUT-12 | doc, assumed | An access token lives for 3600 seconds of the world's clock, a refresh
    token for 30 days.
AUT-13 | doc | `/oauth/` takes 20 requests a second over at most 6 connections, then 429, when
    limits are on.
AUT-14 | observed | `POST /oauth/revoke` with the application and a token answers 200.
AUT-15 | doc | A user commands a client, a group of extensions or one extension, depending on which
    of the three ids is set; access is `full` or `read_only`, status `active` or `blocked`.
AUT-16 | doc, assumed | Users reach the realms below their own; `@me` names only the realm of the
    user's own kind and is a 403 `access_denied` in any other (the code is assumed).
AUT-17 | doc | A name works as an extension id after an `@`, with or without its prefix: `@101`,
    `@1844*101`.
AUT-18 | example | `GET /user/` answers the user of the token with the ten documented fields.
AUT-19 | example, assumed | Application ids and secrets may be any text; the example's token is
    valid for ever in the world `documented`.
""",
    "Bundle": """
BND-1 | doc | POST sets the extensions linked to a main one, GET reads them and DELETE unties all;
    the path has no closing slash and no PUT.
BND-2 | doc | Each method wants the id of the main extension in the path, and a `phone` behind it.
BND-3 | example, doc | POST takes the members in `bundle_list` or under the table's name
    `extension_id`; both with different contents are a 400.
BND-4 | doc | Only extensions of type `phone` can become members.
BND-5 | doc | An extension that heads a bundle cannot become a member.
BND-6 | doc | A member of another bundle cannot be linked; members of this one may be named again.
BND-7 | assumed | A main extension is neither a member of another bundle nor on its own list.
BND-8 | assumed | Members exist, belong to the client of the main extension and come once each; a
    refusal gives the reason for every offending id and changes nothing.
BND-9 | assumed | Setting an empty list unties the bundle, as DELETE does.
BND-10 | doc, assumed | All three methods answer `bundle_list`, in the order sent (assumed), and
    `bundle_id`, the id of the main extension; all ids are integers.
BND-11 | doc | Setting a bundle answers 201.
BND-12 | doc, assumed | Untying answers 200 with the list, which is empty then (assumed; reading
    `bundle_delete`).
BND-13 | doc, assumed | A linked member reads as the bundle that it is in, under the main one's id,
    and cannot untie it: a 400 that names the main one; a phone in no bundle reads as an empty list
    under its own id.
BND-14 | doc | A call to the main extension rings its members too; a call to a member rings it
    alone.
BND-15 | doc | A call made by a member is presented as one from the main extension.
BND-16 | doc | Thirteen phone properties (recording, sounds, conference, `geo_list` and
    `incoming_limit`) and three extension fields (status and dial rule) are equal in a bundle.
BND-17 | doc | Linking copies these values from the main extension, changing one changes it for
    all, and unlinking leaves them as they are.
BND-18 | example | Phone properties show the bundle to its main extension and to its members: an
    object of `active` flags by member id, with the main id; both parts are null without one.
BND-19 | doc, assumed | PUT of phone properties sets list and flags through the main extension
    under the same rules, null unties; a member that sends another bundle is refused with 400.
BND-20 | assumed | An inactive member stays linked and is not rung with the main extension; POST
    makes active links.
BND-21 | assumed | Deleting the main extension ends its bundle; deleting a member removes the
    member.
BND-22 | example | The documented bundle, members 32486 and 32767 of 31456, can be made as printed.
""",
    "Phone terminal": """
PHN-1 | doc, example | GET answers all phone properties; PUT changes the ones it names, keeps the
    others and answers all; there is no POST and no DELETE.
PHN-2 | doc | The path takes an id, `@` with a name, or `@me` from an extension user.
PHN-3 | assumed | An extension of another type has no phone properties: 404.
PHN-4 | example | Setting the external number of extension 54 gives the documented values; the
    bundle printed with them stands on extension 3.
PHN-5 | assumed | Null empties a property whose default or table row knows null, and is a 400 for
    the others.
PHN-10 | doc | `label`: the name that the called terminal shows; null by default.
PHN-11 | doc | `announce_sound_upon_outgoing_call`: id of a sound, null by default.
PHN-12 | doc | `announce_sound_upon_incoming_call`: id of a sound, also for calls from a queue;
    null by default.
PHN-13 | doc, assumed | `append_to_cid_name_on_transfer`: text that a transfer adds to the caller's
    name, behind it (assumed); null by default.
PHN-14 | doc | `auth_type`: `digest` by default, `network` or `both`.
PHN-15 | doc | `call_screening_enabled`: whoever is called hears the caller's number and the public
    number that was called, then accepts by pressing 1; false by default.
PHN-16 | doc | `conference_announce_caller_name`: whether those in the local conference hear who
    joins; true by default.
PHN-17 | doc | `conference_end_on_exit`: whether the local conference ends when the extension
    leaves it; true by default.
PHN-18 | doc | `conference_pin`: the PIN of the local conference for other extensions; null by
    default.
PHN-19 | doc | `external_number`: the number that rings in the terminal's place, under all rules of
    the terminal; null by default.
PHN-20 | doc | `geo_list`: two-letter ISO 3166 countries parted by blanks, `*` for all, null (the
    default) for what the client has.
PHN-21 | doc | `hangup_timeout`: seconds that the phone may ring, 60 by default.
PHN-22 | doc | `hold_music`: id of the sound that who is held hears, 0 by default; 0 and null mean
    that of the system.
PHN-23 | doc | `ignore_early_media`: a boolean, true by default.
PHN-24 | doc | `incoming_limit`: how many incoming calls may run at once; 0, the default, is no
    limit.
PHN-25 | doc | `network_permission_group_id`: the trusted networks of `auth_type` `network` and
    `both`; 0 by default.
PHN-26 | doc | `preserve_caller_id_number_att_tr`: whether an attended transfer keeps the caller's
    number; true by default (reading `att_tr_number`).
PHN-27 | doc | `record_enabled`: a boolean, true by default.
PHN-28 | doc | `record_format`: `mp3`, `wav` or null, the default, for the format of the client.
PHN-29 | doc | `record_stereo`: a boolean, `"yes"`, `"no"` or null, the default; answered as a
    boolean or null (reading `record_stereo`).
PHN-30 | doc | `record_transfer`: recording goes on after a transfer, until the call gets to another
    extension that records; true by default, without effect unless `record_enabled`.
PHN-31 | doc | `record_on_transfer`: record the far side until it hangs up, not the extension until
    it does; false by default.
PHN-32 | doc | `ringback_sound`: id of the melody sent with 183; 0, the default, rings with 180.
PHN-33 | doc | `static_reg_address`: `address:port` that receives calls even if nothing is
    registered; null by default.
PHN-34 | doc, assumed | `transfer_caller_id_number`: the number that is always shown instead of the
    caller's when the phone passes a call on, by a transfer or, inside the PBX, by a rule (that it
    is both is assumed); null by default.
PHN-35 | doc | `vm_attach_file`: a boolean, true by default, for phones with voicemail.
PHN-36 | doc | `vm_enabled`: switches voicemail, true by default.
PHN-37 | doc | `vm_greeting`: id of a sound, 0 by default; 0 and null mean none.
PHN-38 | doc | `vm_mailto`: e-mail addresses parted by commas, null by default.
PHN-39 | doc | `intercom`: seconds before the phone answers by itself, 0 for at once, null, the
    default, for never.
PHN-40 | doc | `bundle`: the bundle seen from the phone; both parts are null by default.
PHN-41 | observed, assumed | `password`: the SIP password, which can be written and is never
    answered.
PHN-42 | observed | `allow_webrtc`: a boolean, false by default.
PHN-50 | doc | At 8000 Hz, mp3 takes 16 kb/s and 16-bit PCM wav 128 kb/s for one channel, and twice
    that for two.
PHN-51 | assumed | An `external_number` that is not digits, with a plus before them or not, is a
    400: blanks and empty text, too.
PHN-52 | assumed | A `geo_list` of anything but known countries parted by single blanks is a 400,
    empty text, too.
PHN-53 | assumed | A `static_reg_address` without address or port, or with a port beyond 65535, is a
    400.
PHN-54 | assumed | A `vm_mailto` in which something is no e-mail address is a 400, empty text, too.
PHN-55 | assumed | A `conference_pin` that is not digits is a 400.
PHN-56 | assumed | A `hangup_timeout` below 1 is a 400.
""",
    "Registration": """
REG-1 | doc | `GET /extension/registration/` reads the extensions named by `extension_id`, or all
    of the client when none is named.
REG-2 | doc | Reading one extension answers its id, `registered` and its `registrations`.
REG-3 | doc | DELETE on an extension drops all its registrations with 204.
REG-4 | doc | DELETE of one registration answers 204, or 404 when its id is unknown.
REG-5 | example | A registration shows `device`, `real_address`, `contact_address`, `expires` and
    `registration_id`.
REG-6 | doc | `registered` is true as long as any registration is active; afterwards the last ones,
    now expired, are still shown.
REG-7 | doc, example, assumed | `expires` counts the seconds left in whole ones, a started one as
    full, down to 0 (both assumed; reading `registration_expires`).
REG-8 | doc | A registration that nobody renews ends at its expiry, as judged when it is read.
REG-9 | example, assumed | Asked for exactly one id the list answers an object, otherwise an array
    in the order asked, or by id for all (reading `registration_list`).
REG-10 | doc, assumed | The list has no pages and no filter besides `extension_id`.
REG-11 | assumed | An unknown id is left out of an array and is a 404 when alone; an extension that
    is no phone reads as unregistered.
REG-12 | example | A registration id is `uloc-` and 8, 4 and 3 hexadecimal digits, joined by
    dashes.
REG-13 | assumed | A deleted registration is gone at once; only those active at the last active
    moment are shown as expired.
REG-14 | doc, example | `device` and `contact_address` are text, the second a SIP URI, as the
    examples have them.
REG-15 | doc | Devices from countries outside `geo_list` cannot register, nor, under `auth_type`
    `network` or `both`, those outside the trusted networks.
REG-16 | assumed | A static address is no registration and does not show up as one.
""",
    "Event subscriptions": """
EVT-1 | doc, example | POST of `url`, `method` and `event_type`, none of them optional, answers 201
    with the same fields and an `id`.
EVT-2 | doc, observed | GET lists the subscriptions of an extension as an array; DELETE of the list
    drops them all with 204.
EVT-3 | doc, assumed | A single subscription can be read, replaced by a PUT of all three fields,
    and deleted with 204.
EVT-4 | doc | The event types are `dial-in`, `dial-out`, `answer`, `hangup`, `voicemail`,
    `message-in` and `message-out`.
EVT-5 | doc | An event is sent by `GET` or `POST`, no other method.
EVT-6 | doc, example | A url names its scheme, http or https, and its host; its query survives the
    sending.
EVT-7 | doc | Only a `phone` can subscribe to `message-in` and `message-out`; elsewhere it is a
    400.
EVT-8 | doc, observed, assumed | An `ivr` refuses `dial-out` and `answer` with a 400 that says
    `ivr-type`, or takes them, since forwarding outside causes both (reading `ivr_events`).
EVT-9 | observed | One extension may subscribe to a type several times, under different urls; every
    one is served.
EVT-10 | doc, assumed | A client has room for a number of subscriptions, 1000 by default; one more
    is a 403 that names the limit.
EVT-11 | example | Subscription ids rise and are unique in the PBX; the world `documented` goes on
    at 72.
EVT-12 | doc | `phone_events` subscribes all phones of a client at once and also knows the type
    `extension-call-status`.
EVT-13 | observed | A GET that carries a subscription as its body reads the list.
EVT-20 | assumed | A url without scheme or host, with blanks, or with a port beyond 65535 is a 400.
EVT-21 | assumed | Credentials in a url are sent as Basic, and noted.
""",
    "Extensions, users and the client": """
EXT-1 | doc, observed | The extensions of a client are an array, filtered by `name`, `type` and
    `status`, in pages.
EXT-2 | example | An extension shows the sixteen documented fields.
EXT-3 | doc | An extension is a `phone`, `queue`, `ivr` or `fax`, and `active` or `blocked`.
EXT-4 | observed, assumed | POST makes an extension with 201 and completes a name without its
    prefix; a name in use, of the wrong form or of another length than the client's is a 400.
EXT-5 | doc, assumed | One extension can be read, changed and deleted with 204; changing its name
    or type is a 400.
EXT-6 | observed | `extra_params` keeps any text of the client's own, or null.
EXT-7 | assumed | With an extension go its phone properties, registrations, subscriptions, links
    in bundles, and the files of its records; the history tells of its calls what it told before.
GRP-1 | doc, observed | Groups of extensions are listed, made, changed and deleted under a client,
    and a group lists its extensions.
USR-1 | example | `GET /user/` answers the user whose token is used.
USR-2 | doc, assumed | The users of a client are listed and made by level, with a filter `login`;
    passwords are taken and never answered; what a user's answer holds besides is not known.
CLI-1 | doc, observed, assumed | The client resource answers the client as a single object, not as
    a list, with its `geo_list`, `record_format` and `record_stereo`, which hold for phones that
    leave theirs null.
CLI-2 | assumed | The limit resource tells how many event subscriptions are allowed and used;
    client info shows the client, and aliases exist.
DSK-1 | doc | `disk_space` counts records, voicemail and faxes, with their bytes, and tells the free
    and the whole room.
DSK-2 | example | A client without files has all of its room free, and every count is 0.
DSK-3 | doc, assumed | Without free space nothing that writes a file works any more: talks have no
    records, and nobody speaks to a voicemail; what had begun is written to its end (assumed).
DID-1 | doc, example, observed | A client's public numbers can be listed, read and, by PUT of an
    `extension_id`, routed.
ANI-1 | doc, example, observed | The outgoing number of an extension is set as `ani_number` and
    read as `default`.
IVR-1 | observed, assumed | The settings of a voice menu are read and changed; an array as its body
    is a 400; the types of some settings are not known.
QUE-1 | doc, observed, assumed | The settings of a queue, with one of eight strategies, are read
    and changed; its status is read apart and its shape is not known.
AGT-1 | doc, assumed | The agents of queues are listed, in a shape that is not known, and send
    `agent-login` and `agent-logout` when their status changes.
SND-1 | observed, assumed | A client's sounds are listed by id, title or owner, and downloaded in a
    format that is not known.
""",
    "Calls, history and records": """
CBK-1 | doc, observed | A callback rings all of `src_num` at once, then dials `dst_num`, and
    answers 201 with `call_api_id` and `call_id`.
CBK-2 | doc | A phone that a callback rings first is rung without its forwarding rules; they work
    when it is the destination.
CBK-3 | doc | Name and number shown default to those of the extension in the path.
CBK-4 | doc | `src_ani` is what numbers outside that are rung first see, `dst_ani` what a
    destination outside sees; extensions see neither.
CBK-5 | doc, assumed | `announce_sound_id` is heard by who picked up first, before `dst_num` is
    rung, and `dst_announce_sound_id` by all once that picks up; a menu does at once (assumed).
CBK-6 | doc | `dst_dtmf` is sent as soon as `dst_num` answers, whatever it is.
CBK-7 | doc, assumed | `allow_public_transfer` false: no side transfers the callback while a number
    outside takes part; true, as by default, and where none does, it may (assumed).
CBK-9 | observed | Callbacks are outgoing calls of their owner to the other number in the history.
FEA-1 | doc, assumed | `*8` and an extension's number lead into its local conference, with a PIN for
    others; names are announced in it, and it ends with its host (assumed: the extension itself);
    only a phone can dial it, while transfers, callbacks and rules end in CONGESTION (assumed).
CUR-1 | doc, observed | The running calls of a client or extension are a `call_list`.
CUR-2 | doc, observed | A running call is read, steered by PUT of `action` and `send_dst`, both of
    them mandatory, and hung up by DELETE with 204.
CUR-3 | doc, assumed | Running calls are those of phones; the list of a queue, a menu or a fax is
    empty (assumed).
CUR-5 | doc, observed | `call_flow` is in upper case (reading `current_calls_flow`).
CUR-6 | doc | `real_call` is false when the extension does not talk itself: it forwarded the call.
CUR-7 | assumed | `send_dst` is null for an action that needs nobody, such as `hold`.
CUR-8 | doc, assumed | `attended_transfer` asks first; hanging up connects, `offhold` takes the call
    back (both assumed).
CUR-11 | doc | An older page has `other_call_api_id`, the id of the call's other side.
CUR-12 | observed, assumed | A running call has `call_id` and `subcall_id`, too; that they are
    those of its events is assumed.
HIS-1 | observed, assumed | The call history is paged, newest first by default, and filtered by two
    inclusive moments, flow, extension and user names; without a moment it is open on that side;
    of two the second is at most on the last day of the month after the first.
HIS-2 | observed | A history row names the call by 32 upper-case hex digits and tells who called
    whom, when, for how long and how it ended.
HIS-3 | observed | History uses fixed words for disposition, flow and result, of which rows and
    parts have lists of their own; the flow of parts may be `transfer`, too.
HIS-4 | observed | A cdr element repeats the fields of its row that apply and adds source, target,
    application and record.
HIS-5 | observed | One call of the history is found by its uuid in any case.
HIS-6 | observed | Two history requests of one client at the same time can end in a 429, if
    switched on.
HIS-7 | observed | Call statistics give the totals `in` and `out`.
HIS-8 | doc, observed, assumed | The cdr of a client or extension is listed under `cdr`, beside
    page, per_page and order, between two mandatory moments; its statistics have the shape of those
    of calls (assumed).
HIS-10 | doc, observed, assumed | The bridge of a row is the connection of two people: its time,
    length and second party, null without one. Of several it is the last; with who was asked
    first, and in a local conference, it begins with the answer of that part (all assumed).
HIS-11 | doc, assumed | A row names the public number that the call entered, with the PBX's domain
    (assumed), and the group in which its extension was then.
HIS-12 | doc | A row names the extension to which the call belongs, and the caller.
HIS-13 | doc | `hangup_cause` is for old clients; the disposition tells who ended the call.
HIS-14 | doc, observed, assumed | `callee_bye` and `caller_bye` end a talk; `caller_cancel`,
    `callee_refuse` (also not registered) and `internal_cancel` what was not answered.
HIS-15 | observed, assumed | `hangup_disposition` may be empty, as a world file can have it; when a
    PBX leaves it empty is not known, and simulated calls never do (assumed).
HIS-16 | observed | A row is busy, answered, not answered, failed, rejected or bridged.
HIS-17 | observed | A part is answered, answered elsewhere, voicemail and so on, never bridged.
HIS-18 | observed | The row of a conversation is bridged, its part answered.
HIS-19 | observed, assumed | A row is answered when something answered and nobody was connected: a
    menu or a queue (reading `call_result`: a conversation, too).
HIS-20 | observed, assumed | A part starts when it is answered, and its duration is the talk; a menu
    and a queue answer at once, and what nobody answered lasts 0 seconds (both assumed).
HIS-21 | observed, assumed | A row lasts from its beginning to its hangup, ringing included, also
    the owner's own in a callback; start, bridge and hangup are rounded to seconds (the last two
    assumed).
HIS-22 | observed | `init_time_gmt` has hundredths in parts and none in rows.
HIS-23 | observed | An outgoing part has no source; its destination has the PBX's domain, and who
    has no name shows its number.
HIS-24 | doc | Only outgoing and transferred parts have a destination.
HIS-25 | observed, assumed | A part inside a row has 28 keys, without uuid, bridge and address; that
    `ext_number_reg` is none of them is assumed.
HIS-26 | doc | A part that is listed by itself adds the uuid, result and disposition of its call.
HIS-28 | doc | Lists of parts filter by direction, duration and sides, 100000 on a page.
HIS-31 | observed, assumed | Rows also have `diversion_number`, `callback`, `quality_rate` and
    `ivr_history`; what they hold is not known, and they are always null (assumed).
REC-1 | doc, observed, assumed | Records are an array between two mandatory moments, which the call
    history's rule keeps close, newest first by default, in pages.
REC-2 | observed | A record downloads as audio with a file name in `Content-Disposition`, as long
    and in the format of its call.
REC-3 | doc, observed | `storage_url/` answers a `record_url` that plays without a token.
REC-4 | observed | Deleting a record answers 200 (reading `record_delete`).
REC-5 | observed, assumed | The records between two moments are deleted in one request, which is
    answered as the deletion of one.
REC-6 | observed | A record id is the extension's id, a dash and 32 hex digits, found in any case,
    whichever an answer or an event has it in.
REC-17 | example, observed | Answers write a record_uuid in upper case (reading `record_uuid_case`);
    events have it in lower case.
REC-18 | observed | The file of a record is named by its start, flow and extension's number.
REC-7 | observed, assumed | Record archives, record statistics, the log of registrations and
    quality ratings exist; little is known of their shapes.
MSG-1 | observed, assumed | The messages of an extension are listed in pages; their shape is
    unknown.
""",
    "Event data": """
DAT-1 | doc | `EventType` is in every event and is its type.
DAT-2 | observed, assumed | `EventTime` is in every event: microseconds since 1970, in 16 digits.
    Assumed: while time stands still it rises by one from event to event, and Duration is exact.
DAT-3 | doc, observed | `CallID` is in every event: 32 lower-case hex digits, one value for a call
    however often it is forwarded.
DAT-4 | doc, observed | `SubCallID` is in every event and names one leg: the extension's id, a dash
    and 32 hex digits, which are the CallID on an outgoing call.
DAT-5 | observed | `CallAPIID` is in every event and is what current calls know the call by: ten
    digits and the CallID as a uuid, or `cb-`, a number and 32 hex digits after a callback.
DAT-6 | observed | `CallFlow` is in every event: `in` or `out` (reading `call_flow_case`).
DAT-7 | doc, observed | `CallStatus` is CALLING when dialling, ANSWER when answered, and in a
    hangup tells how the leg ended, in one of six words.
DAT-8 | doc, observed | `CallerIDNum` tells who calls: a number, or in a `dial-out` the name of the
    extension.
DAT-9 | doc | `CallerIDName` is the caller's name in UTF-8, when there is one.
DAT-10 | doc | `CalledNumber` is the extension that an incoming call reached, or the number that an
    outgoing one dialled.
DAT-11 | doc | `CalledDID` is the public number an incoming call came through, in digits alone.
DAT-12 | observed | `CalledExtension` and its id are sent with incoming calls only.
DAT-13 | doc, observed | `CallerExtension` and its id are sent whenever an extension is the caller.
DAT-14 | doc, observed | `Duration` in a hangup: how many microseconds the leg was talked on, 0
    without an answer.
DAT-15 | doc, observed | `RecID` names the record in the hangup of an answered leg that was
    recorded.
DAT-16 | doc | `Bridged` in the hangup of an ivr or queue says whether a phone of the PBX took the
    call.
DAT-17 | doc, assumed | `Transfered=yes` marks the `dial-out` of a leg that an incoming rule
    forwarded outside, and its other events (assumed).
DAT-18 | doc | `RemoteNumber` in the `dial-in` of a transferred call is its outside number.
DAT-19 | doc | `CallBackID` ties a call to the callback of an extension that has no leg in it.
DAT-20 | observed | `BridgedDuration` in a hangup is counted as Duration is; the evidence is thin.
DAT-21 | assumed | Message and voicemail events carry the common parameters, and `Message` or
    `RecID`.
""",
    "Events of a call": """
CAL-1 | doc | A phone sends `dial-in` or `dial-out` at the start, `answer` on pick-up and `hangup`
    at the end.
CAL-2 | doc | An ivr sends `dial-in` when a call enters it and `hangup` when it lets go, nothing
    else.
CAL-3 | doc | A queue sends `dial-in` when a call joins it and `hangup` at the end, no `answer`.
CAL-4 | doc, assumed | Each agent that a queue rings has `dial-in`, `answer` if taken, and `hangup`
    on the agent's phone.
CAL-5 | doc | An incoming rule that forwards outside makes the forwarding extension, of whatever
    type, send `dial-out`, and the `answer` and `hangup` of that leg, marked as transferred.
CAL-6 | doc | An owner who calls back its own number sends only the `dial-out` to the destination.
CAL-7 | doc, assumed | Otherwise a callback shows `dial-out` of the owner to each number of its
    source, and `dial-in` on the phones among them, then `dial-out` of the owner to the destination,
    and `dial-in` on one that is an extension.
CAL-8 | assumed | A call between two extensions is `dial-out` on one and `dial-in` on the other,
    under one CallID.
CAL-9 | doc, assumed | A call to the main extension of a bundle rings all its active phones and
    shows events of the main extension alone.
CAL-10 | doc, assumed | A call to a linked extension rings it alone, with its own events (assumed).
CAL-11 | doc | A call from a linked extension shows events and caller data of the main one.
CAL-12 | doc | After a transfer the next extension's `dial-in` has RemoteNumber; on an attended one
    `preserve_caller_id_number_att_tr` decides whose number is the caller's.
CAL-14 | doc | A callback that rings a number outside first begins with the dial-out to it; its
    pick-up is the answer.
CAL-15 | doc | A missed call of a menu or queue shows the number outside, in that case, too.
CAL-20 | doc | The queue hangs up before the menu in front of it (reading `hangup_order`).
""",
    "Simulated calls to a phone": """
SIM-1 | assumed | A phone without registration, static address or external number gives `dial-in`
    and at once `hangup` with CHANUNAVAIL.
SIM-2 | doc | With an external number the call goes there, under the events of the terminal.
SIM-3 | doc | A static address makes a phone reachable without a registration.
SIM-4 | doc, assumed | Ringing for `hangup_timeout` seconds ends in NOANSWER, then in voicemail if
    it is on and a message is left.
SIM-5 | doc, assumed | A call beyond `incoming_limit` is BUSY; a linked phone beyond it is not rung
    with the main one of its bundle, and where nobody else hears that it is BUSY (both assumed).
SIM-6 | doc | `intercom` answers by itself after its seconds.
SIM-7 | doc | With call screening only a pressed 1 answers; declining hangs up.
SIM-8 | doc | With `record_enabled` an answered leg leaves a record in the set format, named in the
    hangup and listed.
SIM-9 | doc | `record_transfer` and `record_on_transfer` decide how long a transferred call is
    recorded.
SIM-10 | assumed | A call to a blocked extension is CONGESTION.
SIM-11 | doc, assumed | CANCEL is a caller who gives up, BUSY a callee who declines, CONGESTION a
    number that nobody has, or a call that goes in circles until it has 500 parts.
SIM-12 | doc, assumed | A queue rings its agents by its strategy, each for its own time-out, until
    one answers, the longest wait is over or the caller leaves.
SIM-13 | observed | A call shows in current calls while it runs and leaves one history row with its
    cdr.
SIM-14 | assumed | Hang-up causes are the usual words of SIP servers, such as `NORMAL_CLEARING`.
""",
    "Sending events": """
DLV-1 | doc | Each matching subscription of the extension, and of `phone_events`, gets one request.
DLV-2 | example, doc | By GET the data follow the url's own query (reading `event_get`).
DLV-3 | doc | By POST the data are the body and the url keeps its query.
DLV-4 | observed | What the receiver answers is recorded and has no effect on the call.
DLV-5 | assumed | An event is tried once, without following redirects; the events of one step to
    one url have 5 seconds together, the look-up of its name included. Retries can be configured.
DLV-6 | assumed | The events of a call reach one url in order, and no url waits for another.
DLV-7 | assumed | A receiver that calls the API back sees the state of the event or a later one.
DLV-8 | observed | Known oddities (a missing RecID, a late history row, a doubled `dial-in`, a
    short caller number in `answer`) can be switched on one by one.
""",
}
