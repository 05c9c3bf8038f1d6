"""A door whose provider does what a test says; everything handed over is written down."""

from collections.abc import AsyncIterator, Callable, Mapping
from uuid import UUID

from polyphony.channels.email import MANIFEST
from polyphony.channels.email.compose import compose
from polyphony.channels.email.render import render
from polyphony.domain.channel import Manifest
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Collected, Health, Rendered, Sent


class ScriptedDoor:
    """Renders real mails; ``script`` may raise what a provider would make us raise."""

    manifest: Manifest = MANIFEST

    def __init__(self, script: Callable[[UUID], None] | None = None) -> None:
        self.script = script or (lambda _: None)
        self.sent: list[tuple[UUID, Rendered]] = []
        self.outbounds: list[Outbound] = []
        self.health = Health("working")

    def render(self, outbound: Outbound, account: Account) -> Rendered:
        self.outbounds.append(outbound)
        return render(outbound, account)

    def compose(self, html: str) -> tuple[str, str]:
        return compose(html)

    async def send(self, account: Account, rendered: Rendered, key: UUID) -> Sent:
        self.sent.append((key, rendered))
        self.script(key)
        return Sent(rendered.envelope["message_id"], "250 ok")

    async def collect(
        self, account: Account, mark: Mapping[str, object]
    ) -> AsyncIterator[Collected]:
        for one in ():
            yield one

    async def check(self, account: Account) -> Health:
        return self.health
