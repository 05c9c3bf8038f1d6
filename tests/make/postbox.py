"""An e-mail port that keeps what it was given and fails as it is told."""

from typing import TYPE_CHECKING
from uuid import UUID

from polyphony.domain.channel import Manifest
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Health, Rendered, Sent

if TYPE_CHECKING:
    from polyphony.domain.failure import SendFailure


class Postbox:
    """The e-mail port: keeps what it was given, fails as told."""

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.fails: list[SendFailure] = []

    manifest: Manifest

    def render(self, outbound: Outbound, account: Account) -> Rendered:
        self.rendering = outbound
        return Rendered(b"", outbound.to.value)

    async def send(self, account: Account, rendered: Rendered, key: UUID) -> Sent:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(self.rendering)
        return Sent(str(key))

    async def check(self, account: Account) -> Health:
        return Health("working")
