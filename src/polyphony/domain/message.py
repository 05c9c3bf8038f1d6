"""Inbound, Outbound, Part, Receipt: the envelope of every door."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from polyphony.domain.channel import Address


class Automated(StrEnum):
    """Whether a machine wrote it, and which kind of machine."""

    NO = "no"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    BULK = "bulk"
    LOOP = "loop"


class What(StrEnum):
    """What an Inbound is."""

    MESSAGE = "message"
    JOIN = "join"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a message: bytes at hand (``data``) or already stored (``sha256``).

    ``name`` is a label only; ``size`` in bytes; ``cid`` without brackets when the HTML shows it.
    """

    media_type: str
    name: str = ""
    data: bytes = b""
    sha256: str = ""
    size: int = 0
    inline: bool = False
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender says about himself: value and level (identity.md §3), 0 typed … 3 proved."""

    value: str
    level: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a provider told us, in our words.

    ``key`` is unique inside the account for ever. ``continues`` are the message ids it answers,
    best first; ``tokens`` are our signed thread tokens found in it, in the order of trust.
    ``text`` is what the person wrote now, ``text_full`` all readable text, ``html`` is sanitised.
    ``level`` is what the transport proves about the sender. ``automated_reason`` names the sign.
    """

    key: str
    sender: Address
    recipient: str
    text: str
    what: What = What.MESSAGE
    sender_name: str = ""
    text_full: str = ""
    html: str | None = None
    subject: str = ""
    thread: str = ""
    continues: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    sent_at: datetime | None = None
    parts: tuple[Part, ...] = ()
    claims: dict[str, Claim] = field(default_factory=dict)
    level: int = 1
    automated: Automated = Automated.NO
    automated_reason: str = ""
    language: str | None = None
    defects: tuple[str, ...] = ()
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says about something we sent.

    ``delivery`` is our own id when the provider echoes it, else ``provider_id`` finds it.
    ``state`` is one of sent, delivered, read, failed. ``reason`` and ``hard`` describe a failure;
    hard = this address can never work.
    """

    key: str
    state: str
    delivery: UUID | None = None
    provider_id: str = ""
    recipient: str = ""
    reason: str = ""
    status: str = ""
    hard: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outbound:
    """What shall leave by a door; ``id`` is the DeliveryId, for ever our key at the provider."""

    id: UUID
    account: UUID
    to: Address
    text: str
    html: str | None = None
    to_name: str = ""
    subject: str = ""
    from_name: str = ""
    references: tuple[str, ...] = ()
    in_reply_to: str = ""
    token: str = ""
    parts: tuple[Part, ...] = ()
    purpose: str = "reply"  # reply | service | auto
    language: str = "en"
    at: datetime | None = None
    extra: dict[str, object] = field(default_factory=dict)
