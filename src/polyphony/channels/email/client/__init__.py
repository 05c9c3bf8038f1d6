"""The network half of the e-mail door: IMAP in, SMTP out, a check of both."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from uuid import UUID

from polyphony.channels.email import MANIFEST
from polyphony.channels.email.client.collect import collect, try_mailbox
from polyphony.channels.email.client.oauth import Tokens
from polyphony.channels.email.client.smtp import Submission
from polyphony.channels.email.compose import compose
from polyphony.channels.email.render import render
from polyphony.domain.channel import Manifest
from polyphony.domain.failure import AccountBroken, SendFailure
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Collected, Health, Outgoing, Rendered, Sent


class EmailDoor:
    """The e-mail door as flows and collectors see it; one per process and event loop."""

    def __init__(
        self, outgoing: Outgoing, rotated: Callable[[UUID, str], None] | None = None
    ) -> None:
        self._outgoing = outgoing
        self._tokens = Tokens(outgoing, rotated)
        self._submission = Submission(outgoing, self._tokens)

    @property
    def manifest(self) -> Manifest:
        """What the door is and can carry."""
        return MANIFEST

    def render(self, outbound: Outbound, account: Account) -> Rendered:
        """Build the mail; raise Invalid when it cannot leave like this."""
        return render(outbound, account)

    def compose(self, html: str) -> tuple[str, str]:
        """Return the HTML as mails may carry it, and the text that stands beside it."""
        return compose(html)

    async def send(self, account: Account, rendered: Rendered, key: UUID) -> Sent:
        """Hand the mail over once; raise the SendFailure that says what is known about it."""
        if str(key) not in rendered.envelope["message_id"]:
            # The Message-ID is the only key receivers know; another one would hide a repeat.
            raise ValueError("the mail was rendered for another delivery")
        return await self._submission.send(account, rendered)

    def collect(self, account: Account, mark: Mapping[str, object]) -> AsyncIterator[Collected]:
        """Yield what arrived since the mark, for ever; asking for the next acknowledges."""
        return collect(account, mark, self._outgoing, self._tokens)

    async def check(self, account: Account) -> Health:
        """Sign in at both servers and leave again; nothing is sent to anybody."""
        found: list[SendFailure] = []
        until = []
        if account.settings.get("imap_host"):
            try:
                until.append(await try_mailbox(account, self._outgoing, self._tokens))
            except SendFailure as failure:
                found.append(failure)
        try:
            until.append(await self._submission.check(account))
        except SendFailure as failure:
            found.append(failure)
        good = [one for one in until if one is not None]
        lasts = self._tokens.lasts_s(account)
        return replace(_health(found), expires_at=min(good, default=None), sign_in_lasts_s=lasts)

    async def close(self) -> None:
        """Close waiting connections; the door can be used again."""
        await self._submission.close()


def _health(found: list[SendFailure]) -> Health:
    if not found:
        return Health("working")
    # Refused hosts and hosts without an address look alike: the answer maps nobody's network.
    unreachable = [one.code for one in found if one.code.endswith("_unreachable")]
    broken = unreachable or [one.code for one in found if isinstance(one, AccountBroken)]
    detail = "; ".join(
        f"{one.code}: {one.detail}" if one.detail and one.code not in unreachable else one.code
        for one in found
    )
    return Health("broken" if broken else "degraded", (broken or [found[0].code])[0], detail)
