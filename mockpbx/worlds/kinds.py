"""The kinds of records of a world."""

from __future__ import annotations

from ..calls.model import Call, Leg
from ..calls.reachability import Forward
from ..core.accounts import (
    AccessToken,
    Application,
    Client,
    ExtensionGroup,
    RefreshToken,
    User,
)
from ..core.table import Record
from ..oauth.model import Authorization
from ..resources.agent.model import Agent, AgentSubscription
from ..resources.ani.model import Ani
from ..resources.call_history.model import Row
from ..resources.did.model import Did
from ..resources.event.model import Subscription
from ..resources.extension.model import BundleLink, Extension
from ..resources.ivr.model import Ivr
from ..resources.message.model import Message
from ..resources.phone.model import Phone
from ..resources.phone_events.model import PhoneSubscription
from ..resources.quality_rate.model import QualityRate
from ..resources.queue.model import Queue
from ..resources.record.model import Record as CallRecord
from ..resources.record.model import Room
from ..resources.reg_status_log.model import RegStatus
from ..resources.registration.model import Registration
from ..resources.sound.model import Announcement

#: Every kind of record that a world holds; adding a resource is one line here.
KINDS: tuple[type[Record], ...] = (
    Client,
    ExtensionGroup,
    Extension,
    Phone,
    BundleLink,
    Registration,
    Subscription,
    User,
    Application,
    AccessToken,
    RefreshToken,
    Authorization,
    Did,
    Queue,
    Ivr,
    Agent,
    Forward,
    PhoneSubscription,
    AgentSubscription,
    Call,
    Leg,
    Row,
    CallRecord,
    Room,
    Ani,
    Announcement,
    Message,
    QualityRate,
    RegStatus,
)
