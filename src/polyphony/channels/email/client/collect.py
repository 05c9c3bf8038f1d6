"""The bridge between the mailbox's thread and the event loop: batches in, acknowledgements out."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime

from polyphony.channels.email.client.imap import MailboxThread, Plan, Watermark, visit
from polyphony.channels.email.client.oauth import Tokens
from polyphony.channels.email.client.reach import addresses, server_of
from polyphony.domain.failure import AccountBroken
from polyphony.ports import Account, Collected, Outgoing


async def plan_of(account: Account, outgoing: Outgoing, tokens: Tokens) -> Plan:
    """Resolve the server and fetch a token if the account signs in by OAuth."""
    server = server_of(account, "imap")
    said = account.settings
    oauth = said.get("auth") == "oauth2"
    return Plan(
        server=server,
        ips=await addresses(server, outgoing),
        token=await tokens.get(account) if oauth else "",
        folder=str(said.get("folder") or "INBOX"),
        after_read=str(said.get("after_read") or "keep"),
        move_to=str(said.get("move_to") or "Polyphony"),
        poll_s=float(str(said.get("poll_s") or 60)),
    )


async def collect(
    account: Account, mark: Mapping[str, object], outgoing: Outgoing, tokens: Tokens
) -> AsyncIterator[Collected]:
    """Yield what arrived since the mark, for ever; asking for the next batch acknowledges.

    Ends at once when the account has no incoming server (its mail comes by the receiver).

    Raises:
        AccountBroken: sign-in refused, folder missing, host closed to us.
        Temporary: the connection failed; start again with the newest mark.
    """
    if not account.settings.get("imap_host"):
        return
    plan = await plan_of(account, outgoing, tokens)
    loop = asyncio.get_running_loop()
    batches: asyncio.Queue[Collected | BaseException] = asyncio.Queue()

    def offer(item: Collected | BaseException) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(batches.put_nowait, item)

    session = MailboxThread(plan, Watermark.read(mark), offer)
    session.start()
    try:
        while True:
            item = await batches.get()
            if isinstance(item, BaseException):
                if isinstance(item, AccountBroken):
                    tokens.forget(account)
                raise item
            yield item
            session.acknowledge()
    finally:
        await _ended(session)


async def _ended(session: MailboxThread) -> None:
    """Stop the thread without blocking the loop, even when we are cancelled meanwhile."""
    await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, session.stop))


async def try_mailbox(account: Account, outgoing: Outgoing, tokens: Tokens) -> datetime | None:
    """Sign in, open the folder and leave; raise what collecting would raise.

    Returns until when the server's certificate is good.
    """
    plan = await plan_of(account, outgoing, tokens)
    try:
        return await asyncio.to_thread(visit, plan)
    except AccountBroken:
        tokens.forget(account)
        raise
