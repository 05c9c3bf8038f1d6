"""The chat door: our own event log is the carrier, so there is no network to speak to."""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit
from uuid import UUID

from polyphony.channels.chat import MANIFEST
from polyphony.channels.chat.render import render
from polyphony.domain.channel import Manifest
from polyphony.domain.errors import Invalid
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Collected, Health, Rendered, Sent


class ChatChannel:
    """Web chat as flows see it; a sent line reaches the widget by the customer's stream."""

    @property
    def manifest(self) -> Manifest:
        """What the door is and can carry."""
        return MANIFEST

    def render(self, outbound: Outbound, account: Account) -> Rendered:
        """Return the line a widget shows; raise Invalid when it cannot leave like this."""
        return render(outbound, account)

    def compose(self, html: str) -> tuple[str, str]:
        """Refuse: this door carries plain words."""
        raise Invalid("reply.no_html", {"field": "html", "length": len(html)})

    async def send(self, account: Account, rendered: Rendered, key: UUID) -> Sent:
        """Accept at once: the committed Message itself is what the widget reads."""
        del account, rendered
        return Sent(str(key))

    async def collect(
        self, account: Account, mark: Mapping[str, object]
    ) -> AsyncIterator[Collected]:
        """Yield nothing: visitors bring their lines to the intake themselves."""
        del account, mark
        return
        yield  # type: ignore[unreachable] # makes this an asynchronous generator

    async def check(self, account: Account) -> Health:
        """Say what would keep every page or every proof out."""
        origins = account.settings.get("origins", [])
        listed = origins if isinstance(origins, list) else []
        if wrong := [one for one in listed if not _is_origin(one)]:
            return Health("broken", "chat.origin_malformed", str(wrong[0])[:200])
        if not listed:
            return Health("degraded", "chat.no_origins", "no page may show the widget yet")
        enforced = account.settings.get("enforce", "off") != "off"
        if enforced and not (
            account.secrets.get("hmac_secret") or account.settings.get("public_key")
        ):
            return Health("broken", "chat.no_key", "proof is demanded, but no key can check it")
        return Health("working")


def _is_origin(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
        exact = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and value == exact
