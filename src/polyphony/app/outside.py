"""Builds Outside: every door and neighbour the settings name."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

from polyphony.app import clock
from polyphony.channels import registry
from polyphony.integrations import keyring
from polyphony.integrations.names import Names
from polyphony.integrations.outgoing import Outgoing
from polyphony.integrations.storage import FilesOnDisk
from polyphony.integrations.web_push import WebPusher
from polyphony.ports import Outside, Reader
from polyphony.settings import Settings


def _contact(settings: Settings) -> str:
    """Whom push services may write to about a sender that floods them."""
    return f"postmaster@{urlsplit(settings.address).hostname or 'localhost'}"


def outgoing(settings: Settings) -> Outgoing:
    """Return the one outgoing client, open to the company networks the settings name."""
    return Outgoing(allow=tuple(ipaddress.ip_network(one) for one in settings.egress_allow))


def build(
    settings: Settings,
    reader: Reader,
    rotated: Callable[[UUID, str], None] | None = None,
) -> Outside:
    """Wire doors, files, keys and the clock; call it inside the event loop that will use them.

    ``rotated`` hears (account, refresh token) when a mail provider replaces an OAuth secret.
    """
    return Outside(
        channels=registry.channels(outgoing(settings), rotated),
        reader=reader,
        files=FilesOnDisk(settings.files_path),
        keys=keyring.load(settings.keys_path),
        now=clock.now,
        names=Names(),
        pusher=WebPusher(outgoing(settings), _contact(settings)),
        outgoing=outgoing(settings),
    )
