"""All doors of the house: the built-ins as one list, keyed by the word people use."""

from collections.abc import Callable
from uuid import UUID

from polyphony.channels.chat import MANIFEST as CHAT
from polyphony.channels.chat.client import ChatChannel
from polyphony.channels.email import MANIFEST as EMAIL
from polyphony.channels.email.client import EmailDoor
from polyphony.channels.loopback import MANIFEST as LOOPBACK
from polyphony.channels.loopback.client import LoopbackChannel
from polyphony.domain.channel import ChannelKind, Manifest
from polyphony.ports import Channel, Outgoing

MANIFESTS: tuple[Manifest, ...] = (EMAIL, CHAT, LOOPBACK)


def channels(
    outgoing: Outgoing, rotated: Callable[[UUID, str], None] | None = None
) -> dict[ChannelKind, Channel]:
    """Build every door for this process and event loop.

    ``rotated`` hears (account, refresh token) when a mail provider replaces an OAuth secret.
    """
    doors: tuple[Channel, ...] = (EmailDoor(outgoing, rotated), ChatChannel(), LoopbackChannel())
    return {door.manifest.kind: door for door in doors}
