"""Who may speak to the network: clients of doors, the outgoing client, the roof, the simulator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.checks.tree import Tree

SPEAKERS = {
    "aiosmtplib",
    "ftplib",
    "http.client",
    "httpx",
    "imapclient",
    "imaplib",
    "ldap3",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "websockets.client",
}
ALLOWED = re.compile(
    r"channels/[a-z_]+/client(\.py|/.*)|integrations/(outgoing|neighbour/.*)(\.py)?"
    r"|integrations/outgoing/.*|simulator/.*|app/.*|testing/.*"
)


def find(tree: Tree) -> Iterator[str]:
    """Yield imports of network clients outside the places meant for them."""
    for module in tree.modules:
        if ALLOWED.fullmatch(module.place):
            continue
        for name, node in module.imports():
            if name in SPEAKERS:
                yield module.at(node, f"{name}: only a door's client or integrations/outgoing")
