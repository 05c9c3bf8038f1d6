"""Confirm: a visitor typed an address; a code mailed there and typed back proves it is his."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from polyphony.domain import chat, chat_words
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.errors import Invalid, RateLimited, Refusal
from polyphony.domain.message import Outbound
from polyphony.flows.post_mail import LEASE, post_mail
from polyphony.ports import Account, KeyRing, Outside
from polyphony.store import absences, chat_codes
from polyphony.store import chat as chats
from polyphony.store.chat import ChatAccount, ChatSession
from polyphony.store.chat_codes import CodeMail, MailedCode, NewCode, Verdict
from polyphony.store.database import Session
from polyphony.store.keys import key

HOUR = timedelta(hours=1)
PURPOSE = "chat code"
BATCH = 20

ASKS_PER_SESSION = 6
ASKS_PER_ADDRESS = 20
"""So many codes may be asked for in an hour by one session, and from one network address."""


async def ask(
    session: Session,
    who: ChatSession,
    account: ChatAccount,
    address: str,
    ring: KeyRing,
    at: datetime,
) -> None:
    """Note a typed address as a claim and promise a code to it.

    Whether we know the address makes no difference to anything. The fourth code for an address
    within an hour is silently not sent: a stranger must not learn who else asked. Without a
    mailbox to send from, the claim alone is kept.
    """
    await chats.claim_email(session, who.id, address)
    await chat_codes.lock_address(session, address)
    if account.mail_account is None or await _too_many(session, address, at):
        return
    code = f"{secrets.randbelow(10**chat.CODE_DIGITS):0{chat.CODE_DIGITS}d}"
    code_id = key(at)
    await chat_codes.add(
        session,
        NewCode(
            id=code_id,
            session_id=who.id,
            address=address,
            mac=ring.mac(PURPOSE, _bound(who, address, code)),
            sealed=ring.seal(code, f"code:{code_id}"),
            account_id=account.mail_account,
            language=who.language or account.language,
            at=at,
            expires_at=at + chat.CODE_LIFE,
        ),
    )


async def _too_many(session: Session, address: str, at: datetime) -> bool:
    hour = await chat_codes.sent_since(session, address, at - HOUR)
    day = await chat_codes.sent_since(session, address, at - timedelta(days=1))
    return hour >= chat.CODES_PER_HOUR or day >= chat.CODES_PER_DAY


async def count_asks(session: Session, who: ChatSession, address: str, at: datetime) -> None:
    """Count a wish for a code; raise RateLimited when one visitor or one network asks too often."""
    for name, most in (
        (f"chat-code:{who.id}", ASKS_PER_SESSION),
        (f"chat-code-from:{address}", ASKS_PER_ADDRESS),
    ):
        counted = await chat_codes.count(session, name, int(HOUR.total_seconds()), at)
        if counted.count > most:
            after = counted.since + HOUR - at
            raise RateLimited(
                "chat.too_many_codes", {"after_s": max(1, int(after.total_seconds()))}
            )


async def check(
    session: Session, who: ChatSession, code: object, ring: KeyRing, at: datetime
) -> ChatSession | Refusal:
    """Check a typed code; raise the session, or say why not (the try counts either way).

    The refusal is returned, not raised, so that the transaction that counted the try commits.
    """
    text = code.strip() if isinstance(code, str) else ""
    newest = await chat_codes.try_newest(session, who.id)
    why = _why_not(newest, at)
    if why or newest is None:
        return Invalid("chat.code", {"why": why})
    if not ring.checks(PURPOSE, _bound(who, newest.address, text), newest.mac):
        return Invalid("chat.code", {"why": "wrong", "left": chat.CODE_TRIES - newest.tries - 1})
    await chat_codes.use(session, newest.id, at)
    await chat_codes.prove(session, who.id, newest.address, key(at), "mailed_code", at)
    talks = await absences.chats_of(session, who.id)
    await absences.watch(session, [(one, at + chat.ABSENT) for one in talks], at)
    return await chats.by_id(session, who.id, at) or who


def _why_not(newest: MailedCode | None, at: datetime) -> str:
    if newest is None:
        return "expired"
    return chat.code_refusal(newest.tries, newest.expires_at, newest.used_at, at)


def _bound(who: ChatSession, address: str, code: str) -> str:
    return f"{who.id}\n{address}\n{code}"


# ── the mails: claimed, sent outside any transaction, settled ──────────────────────────────────


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail with a code, rendered for its mailbox."""

    mail: CodeMail
    outbound: Outbound


async def claim(session: Session, at: datetime, n: int = BATCH) -> Sequence[CodeMail]:
    """Take code mails that are due; the transaction must commit before they are sent."""
    return await chat_codes.claim(session, n, at, at + LEASE)


def compose(mail: CodeMail, ring: KeyRing, at: datetime) -> Outbound:
    """Write the mail: our words in four languages, nothing a visitor typed."""
    code = ring.unseal(mail.sealed, f"code:{mail.id}")
    subject, text = chat_words.code_mail(mail.language, code)
    return Outbound(
        id=mail.id,
        account=mail.account_id,
        to=Address(ChannelKind.EMAIL, mail.address),
        text=text,
        subject=subject,
        purpose="service",
        language=mail.language,
        at=at,
    )


async def send(mail: CodeMail, account: Account, outside: Outside) -> Verdict:
    """Send one mail; never twice when nobody knows whether it left: a new code is asked for."""
    letter = compose(mail, outside.keys, outside.now())
    fate = await post_mail(letter, account, outside, mail.sends)
    return Verdict(mail.id, fate.state, fate.why, fate.not_before)


async def settle(session: Session, batch: Sequence[Verdict]) -> None:
    """Write what became of the mails."""
    await chat_codes.settle(session, batch)
