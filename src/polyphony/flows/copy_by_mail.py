"""Copy by mail: what was said goes to the visitor who asks, at his confirmed address only."""

from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain import chat, chat_words
from polyphony.domain.errors import Conflict, NotFound, RateLimited
from polyphony.domain.event import Actor
from polyphony.flows.announce import announce
from polyphony.flows.begin_mail import begin_mail, going_on
from polyphony.store import cases, chat_cases, chat_codes, deliveries, interactions, messages
from polyphony.store.cases import CaseRow, Participant
from polyphony.store.chat import ChatAccount, ChatSession
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow

LINES_MOST = 500
LIFE = timedelta(hours=72)
HOUR_S = 3_600


async def copy_by_mail(
    session: Session, who: ChatSession, account: ChatAccount, case_id: UUID, at: datetime
) -> None:
    """Promise a transcript of a visitor's own chats in a Case to his confirmed address.

    Raises NotFound for a Case of others, Conflict without a confirmed address or a mailbox,
    RateLimited beyond three an hour.
    """
    if account.mail_account is None:
        raise Conflict("chat.no_mailbox")
    if who.email is None:
        raise Conflict("chat.address_unconfirmed")
    case = (await cases.locked(session, [case_id])).get(case_id)
    listed = await chat_cases.listed(session, who, case_id)
    if case is None or not listed:
        raise NotFound("chat.case")
    counted = await chat_codes.count(session, f"chat-transcript:{who.id}", HOUR_S, at)
    if counted.count > chat.TRANSCRIPTS_PER_HOUR:
        after = HOUR_S - int((at - counted.since).total_seconds())
        raise RateLimited("chat.too_many_transcripts", {"after_s": max(1, after)})
    language = who.language or account.language
    said = await chat_cases.spoken(session, who, case_id, LINES_MOST)
    lines = [
        chat_words.Spoken(one.at, "" if one.kind == "in" else one.author, one.text, one.files)
        for one in said
    ]
    subject, text = chat_words.transcript(language, listed[0].reference, lines)
    strip, new = await _strip(session, who, account, (case_id, listed[0].talk_id, subject), at)
    await _write(session, case, strip, (who, subject, text, language), new=new, at=at)


async def _strip(
    session: Session,
    who: ChatSession,
    account: ChatAccount,
    about: tuple[UUID, UUID, str],
    at: datetime,
) -> tuple[InteractionRow, bool]:
    """Return the e-mail stretch of the Case with this address, begun when there is none."""
    case_id, talk_id, subject = about
    address = await chat_codes.address_of(session, who.id)
    if address is None or account.mail_account is None:
        raise Conflict("chat.address_unconfirmed")
    strips = await interactions.of_cases(session, [case_id])
    known = going_on(strips.values(), case_id, account.mail_account, address)
    if known is not None:
        return known, False
    words = (who.language, subject)
    begun = begin_mail(strips[talk_id], account.mail_account, address, words, at)
    await interactions.add(session, [begun])
    await cases.admit(session, [Participant(case_id, address, "proved", at)])
    return begun, True


async def _write(
    session: Session,
    case: CaseRow,
    strip: InteractionRow,
    letter: tuple[ChatSession, str, str, str],
    *,
    new: bool,
    at: datetime,
) -> None:
    who, subject, text, language = letter
    mail = MessageRow(
        id=key(at),
        interaction_id=strip.id,
        position=(await messages.positions(session, 1))[0],
        kind="out",
        author_kind="system",
        at=at,
        text=text,
        subject=subject,
        language=language,
        facts={"code": "chat.transcript"},
        delivery_state="queued",
    )
    await messages.add(session, [mail])
    promised = DeliveryRow(
        id=key(at),
        message_id=mail.id,
        account_id=strip.account_id,
        identity_id=strip.identity_id,
        to_address=who.email or "",
        purpose="service",
        state="queued",
        why=None,
        not_before=at,
        created_at=at,
        expires_at=at + LIFE,
    )
    await deliveries.add(session, [promised])
    await announce(
        session,
        actor=Actor("customer", who.identity_id, name=who.name),
        types={strip.id: "interaction.began"},
        interactions=[strip.id] if new else [],
        messages=[mail.id],
        cases=await cases.touch(session, [case.id]) if new else [],
    )
