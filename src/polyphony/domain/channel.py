"""ChannelKind, Address and Capability: the ways to talk, and what each can carry."""

from dataclasses import dataclass, field
from enum import StrEnum


class ChannelKind(StrEnum):
    """A way to talk."""

    EMAIL = "email"
    CHAT = "chat"
    LOOPBACK = "loopback"


@dataclass(frozen=True, slots=True)
class Address:
    """Their end of a channel.

    ``scope`` keeps ids apart that only look global (a chat customer key is scoped by our account);
    it is empty for e-mail. ``value`` is normalised, see the door's manifest.
    """

    kind: ChannelKind
    value: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry; lengths in characters, sizes in bytes, None = unlimited."""

    text_max: int | None = None
    format: str = "none"  # none | light | html
    subject: bool = False
    file_max_bytes: int = 25 * 1024 * 1024
    files_per_message: int = 20
    typing: bool = False
    receipts: tuple[str, ...] = ()
    proactive: bool = False
    live: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a door is: its words for people, its capabilities, its defaults.

    ``settings`` is a JSON Schema of one ChannelAccount; secrets carry ``x-secret``.
    ``undo_s`` is the default hold before sending, in seconds.
    """

    door: str
    kind: ChannelKind
    how: str  # push | pull | own
    title: dict[str, str]
    help: dict[str, str]
    settings: dict[str, object]
    capabilities: Capabilities
    undo_s: int = 0
    evidence: str = "counterparty"
    limits: dict[str, int] = field(default_factory=dict)
