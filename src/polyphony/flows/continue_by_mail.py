"""Continue by mail: the visitor left before he read our answers, so they follow him by e-mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain import chat, chat_words
from polyphony.domain.chat import Absence, Then
from polyphony.domain.event import TIMER
from polyphony.domain.interaction import InteractionMove, InteractionState, Mode
from polyphony.domain.interaction import move as move_interaction
from polyphony.domain.move import By, Moved
from polyphony.flows import confirm
from polyphony.flows.announce import announce
from polyphony.flows.begin_mail import begin_mail, going_on
from polyphony.ports import Outside
from polyphony.store import (
    absences,
    cases,
    chat_codes,
    deliveries,
    interactions,
    labour,
    messages,
    projections,
    timers,
)
from polyphony.store import chat as chats
from polyphony.store.absences import Absent, Answer
from polyphony.store.cases import CaseRow, Participant
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key
from polyphony.store.messages import FileRow, MessageRow
from polyphony.store.timers import Timer

REPLY_LIFE = timedelta(hours=72)
ASKED_WINDOW = timedelta(hours=24)


async def answered(session: Session, chats_answered: Sequence[UUID], at: datetime) -> None:
    """One of us answered in these chats: look in 120 seconds whether the visitor is there."""
    await absences.watch(session, [(one, at + chat.ABSENT) for one in chats_answered], at)


@dataclass(slots=True)
class _Plan:
    """What a batch of looks leads to, decided in memory, written at the end."""

    at: datetime
    held: dict[UUID, CaseRow]
    stretches: dict[UUID, InteractionRow]
    again: list[tuple[UUID, datetime]] = field(default_factory=list)
    mails: list[Absent] = field(default_factory=list)
    asks: list[Absent] = field(default_factory=list)
    quiet: list[InteractionRow] = field(default_factory=list)


async def due(session: Session, batch: Sequence[Timer], at: datetime, outside: Outside) -> None:
    """Look after chats whose moment has come: mail, ask for a proof, go quiet, or look again.

    The timers are dropped here; what must be looked at again gets a new one. Everything happens
    under the locks of the Cases, so an answer sent meanwhile is either seen or sets its own timer.
    """
    await timers.done(session, [one.id for one in batch])
    wanted = sorted({one.entity_id for one in batch})
    held = await cases.locked(session, await absences.cases_of(session, wanted))
    plan = _Plan(at, held, await interactions.of_cases(session, sorted(held)))
    for facts in await absences.facts(session, wanted):
        _decide(plan, facts)
    await _mail(session, plan)
    await _ask(session, plan, outside)
    await _go_quiet(session, plan)
    await absences.watch(session, plan.again, at)


def _decide(plan: _Plan, facts: Absent) -> None:
    stretch = plan.stretches.get(facts.interaction_id)
    if stretch is None or stretch.state == InteractionState.ENDED.value:
        return
    can_mail = facts.mail_account is not None
    then, until = chat.absence(
        Absence(
            unread_since=facts.unread_since,
            seen_at=facts.seen_at,
            proved=can_mail and facts.email_identity is not None,
            typed=can_mail and bool(facts.email_claimed),
        ),
        plan.at,
    )
    idle = chat.idle_at(stretch.last_in_at, stretch.last_out_at)
    if then is Then.MAIL:
        plan.mails.append(facts)
    elif then is Then.ASK:
        plan.asks.append(facts)
    live = stretch.mode == Mode.LIVE.value
    if then is Then.MAIL or (live and idle is not None and idle <= plan.at):
        plan.quiet.append(stretch)
    elif moments := [m for m in (until, idle if live else None) if m is not None]:
        plan.again.append((facts.interaction_id, min(moments)))


# ── the mail ────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Letters:
    """The rows of the mails."""

    stretches: list[InteractionRow] = field(default_factory=list)
    said: list[MessageRow] = field(default_factory=list)
    files: list[FileRow] = field(default_factory=list)
    promised: list[DeliveryRow] = field(default_factory=list)
    admitted: list[Participant] = field(default_factory=list)


async def _mail(session: Session, plan: _Plan) -> None:
    if not plan.mails:
        return
    ids = [one for facts in plan.mails for one in facts.unread]
    answers = await absences.answers(session, ids)
    files = await messages.files_of(session, ids)
    places = await messages.positions(session, 2 * len(plan.mails))
    letters = _Letters()
    for facts in plan.mails:
        mine = [one for one in answers if one.id in set(facts.unread)]
        own = [one for one in files if one.message_id in set(facts.unread)]
        _write(plan, letters, facts, mine, own, (places.pop(0), places.pop(0)))
    await _keep(session, plan, letters)


def _write(
    plan: _Plan,
    letters: _Letters,
    facts: Absent,
    answers: Sequence[Answer],
    files: Sequence[FileRow],
    places: tuple[int, int],
) -> None:
    """Write one mail and, in the chat, the line that says so."""
    at = plan.at
    subject, text = chat_words.went_on(
        facts.language, [(one.author_name, one.text) for one in answers]
    )
    stretch = _by_mail(plan, letters, facts, subject)
    mail = MessageRow(
        id=key(at),
        interaction_id=stretch.id,
        position=places[0],
        kind="out",
        author_kind="system",
        author_name=answers[-1].author_name,
        at=at,
        text=text,
        subject=subject,
        language=facts.language,
        facts={"code": "chat.continued", "messages": [str(one.id) for one in answers]},
        delivery_state="queued",
    )
    notice = MessageRow(
        id=key(at),
        interaction_id=facts.interaction_id,
        position=places[1],
        kind="system",
        author_kind="system",
        at=at,
        facts={"code": "chat.continued_by_mail", "customer": True, "address": facts.email},
    )
    letters.said += [mail, notice]
    letters.files += [
        FileRow(
            *(key(at), mail.id, number, one.sha256, one.name, one.media_type, one.size),
            *(one.inline, one.cid),
        )
        for number, one in enumerate(files)
    ]
    letters.promised.append(_delivery(plan, facts, mail))
    case = plan.held[facts.case_id]
    case.last_item, case.last_at = notice.position, at


def _by_mail(plan: _Plan, letters: _Letters, facts: Absent, subject: str) -> InteractionRow:
    """Return the e-mail stretch of the same Case with this address, begun when there is none."""
    known = going_on(
        plan.stretches.values(), facts.case_id, facts.mail_account, facts.email_identity
    )
    if known is not None:
        return known
    if facts.mail_account is None or facts.email_identity is None:
        raise LookupError("a mail without mailbox or address was decided")
    talk, words = plan.stretches[facts.interaction_id], (facts.language, subject)
    begun = begin_mail(talk, facts.mail_account, facts.email_identity, words, plan.at)
    plan.stretches[begun.id] = begun
    letters.stretches.append(begun)
    letters.admitted.append(Participant(facts.case_id, facts.email_identity, "proved", plan.at))
    return begun


def _delivery(plan: _Plan, facts: Absent, mail: MessageRow) -> DeliveryRow:
    if facts.mail_account is None or facts.email is None:
        raise LookupError("a mail without mailbox or address was decided")
    return DeliveryRow(
        id=key(plan.at),
        message_id=mail.id,
        account_id=facts.mail_account,
        identity_id=facts.email_identity,
        to_address=facts.email,
        purpose="reply",
        state="queued",
        why=None,
        not_before=plan.at,
        created_at=plan.at,
        expires_at=plan.at + REPLY_LIFE,
    )


async def _keep(session: Session, plan: _Plan, letters: _Letters) -> None:
    touched = sorted({facts.case_id for facts in plan.mails})
    await interactions.add(session, letters.stretches)
    await cases.admit(session, letters.admitted)
    await messages.add(session, letters.said)
    await messages.add_files(session, letters.files)
    await deliveries.add(session, letters.promised)
    await cases.save(session, [plan.held[one] for one in touched])
    await absences.mailed(session, [(one.interaction_id, one.unread_last) for one in plan.mails])
    await announce(
        session,
        actor=TIMER,
        types={one.id: "interaction.began" for one in letters.stretches},
        cases=touched,
        interactions=[one.id for one in letters.stretches],
        messages=[one.id for one in letters.said],
    )


# ── the proof, the silence ──────────────────────────────────────────────────────────────────────


async def _ask(session: Session, plan: _Plan, outside: Outside) -> None:
    """Mail a code to addresses that were only typed, once a day each; never the content."""
    for facts in plan.asks:  # one by one: rare, and each is limited by its own counters
        address = facts.email_claimed or ""
        asked = await chat_codes.sent_since(session, address, plan.at - ASKED_WINDOW)
        who = None if asked else await chats.by_id(session, facts.session_id, plan.at)
        account = await chats.account_by_id(session, facts.account_id) if who else None
        if who is not None and account is not None:
            await confirm.ask(session, who, account, address, outside.keys, plan.at)


async def _go_quiet(session: Session, plan: _Plan) -> None:
    """Let chats nobody follows any more wait for their customer; the agent's hands are free."""
    if not plan.quiet:
        return
    freed: list[UUID] = []
    for one in plan.quiet:
        one.mode = Mode.ASYNC.value
        moved = move_interaction(InteractionState(one.state), InteractionMove.SETTLE, By.SYSTEM)
        if isinstance(moved, Moved):
            one.state = moved.state.value
            if one.work_id is not None:
                freed.append(one.work_id)
    await interactions.save(session, plan.quiet)
    left = sorted({one.case_id for one in plan.quiet if one.work_id in freed})
    was = await projections.audiences(session, left)
    ended = await labour.end(session, freed, labour.FINISH, plan.at)
    agents: Mapping[UUID, None] = dict.fromkeys(one.agent_id for one in ended if one.agent_id)
    await announce(
        session,
        actor=TIMER,
        types={"work_item": "work_item.finished"},
        was=was,
        cases=left,
        interactions=sorted(one.id for one in plan.quiet),
        work_items=sorted(one.id for one in ended),
        loads=sorted(agents),
    )
