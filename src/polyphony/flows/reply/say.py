"""Say: a process says something to a customer, by the way he used last, else by mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from polyphony.domain.case import CaseState
from polyphony.domain.channel import Capabilities, ChannelKind
from polyphony.domain.door import judge, rank
from polyphony.domain.errors import Conflict
from polyphony.domain.event import Actor
from polyphony.domain.reply import Door, Wish, guard
from polyphony.domain.template import in_language
from polyphony.flows import continue_by_mail, fill
from polyphony.flows.carry_out import Matter, lock
from polyphony.flows.reply.way import begin, way_of
from polyphony.flows.reply.words import Author, signature
from polyphony.ports import Outside
from polyphony.store import accounts, deliveries, doors, messages
from polyphony.store.cases import CaseRow
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.doors import DoorRow
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow

_CARRIED = frozenset({ChannelKind.CHAT.value})
_MAIL = ChannelKind.EMAIL.value


@dataclass(frozen=True, slots=True)
class Said:
    """What is said in which Case, by language; ``facts`` stay with the Message."""

    case: UUID
    texts: Mapping[str, str]
    actor: Actor
    facts: Mapping[str, object] = field(default_factory=dict)


async def say(session: Session, said: Said, at: datetime, outside: Outside) -> UUID:
    """Write the Message and promise its delivery; return it. No work and no target is touched.

    The way is that of the customer's last words; where it is shut (a chat that ended, an address
    that bounces) it is his mail, and the Message keeps why (``channel_reason``).

    Raises Conflict ``reply.<why>`` when every way is shut, Invalid when the words cannot leave:
    a variable without a value, too long.
    """
    matter = await lock(session, [said.case], at)
    case = matter.cases[said.case]
    ways = await doors.of_case(session, said.case)
    row, why = _way(ways, case, at)
    strip = await _strip(session, matter, row, said.actor)
    account = (await accounts.by_ids(session, [row.account_id]))[row.account_id]
    languages = (strip.language or "", case.language or "", account.language)
    text = in_language(said.texts, *languages)
    text = await fill.fill(session, text, case.id, None, at)
    refused = guard(_door(row, case), Wish(text), _can(outside, row.channel_kind), at)
    if refused is not None:
        raise refused
    facts = dict(said.facts) | ({"channel_reason": why} if why else {})
    if row.channel_kind == _MAIL:
        queue = next((one.work_queue for one in matter.of(case.id) if one.work_queue), None)
        author = Author(case.id, None, at)
        below = await signature(session, author, row.account_id, queue, languages)
        facts |= {"signature": below} if below else {}
    line = _line(strip, account.name, text, facts, at)
    line.position = (await messages.positions(session, 1))[0]
    await _write(session, matter, line, row, said.actor)
    return line.id


def _way(ways: Sequence[DoorRow], case: CaseRow, at: datetime) -> tuple[DoorRow, str]:
    """Return the way to go, and why it is not the one used last ("" when it is).

    Raises Conflict with the reason of the way used last.
    """
    if not ways:
        raise Conflict("reply.no_way")
    first = ways[0]
    whys: list[str] = []
    for number, judged in rank([way_of(one) for one in ways]):
        row = ways[number]
        if not judged.allowed or (row is not first and row.channel_kind != _MAIL):
            continue
        refused = guard(_door(row, case), Wish("-"), Capabilities(), at)
        if refused is None:
            return row, "" if row is first else judge(way_of(first)).why
        whys.append(refused.code)
    raise Conflict(whys[0] if whys else "reply." + judge(way_of(first)).why)


def _door(row: DoorRow, case: CaseRow) -> Door:
    return Door(
        case_state=CaseState(case.state),
        interaction_ended=row.state == "ended",
        live=row.live,
        may=row.account_state,
        address_state=row.identity_state,
        participant=True,  # judged: he wrote from it here, or proved it
    )


def _can(outside: Outside, kind: str) -> Capabilities:
    channel = outside.channels.get(ChannelKind(kind))
    return channel.manifest.capabilities if channel is not None else Capabilities()


async def _strip(
    session: Session, matter: Matter, row: DoorRow, actor: Actor
) -> InteractionRow:  # fmt: skip
    if row.interaction_id is not None and row.state != "ended":
        return matter.strips[row.interaction_id]
    return await begin(session, matter, row, actor)


def _line(
    strip: InteractionRow, name: str, text: str, facts: Mapping[str, object], at: datetime
) -> MessageRow:
    carried = strip.channel_kind in _CARRIED
    return MessageRow(
        id=key(at),
        interaction_id=strip.id,
        position=0,
        kind="out",
        author_kind="system",
        author_name=name,
        at=at,
        text=text,
        language=strip.language,
        facts=dict(facts),
        delivery_state="sent" if carried else "queued",
        sent_at=at if carried else None,
    )


async def _write(
    session: Session, matter: Matter, line: MessageRow, row: DoorRow, actor: Actor
) -> None:
    at, case = matter.at, next(iter(matter.cases.values()))
    await messages.add(session, [line])
    promised = DeliveryRow(
        id=key(at),
        message_id=line.id,
        account_id=row.account_id,
        identity_id=row.identity_id,
        to_address=row.address,
        purpose="service",
        state=line.delivery_state or "queued",
        why=None,
        not_before=at,
        created_at=at,
        settled_at=line.sent_at,
    )
    await deliveries.add(session, [promised])
    case.last_item, case.last_at = line.position, at
    strip = matter.strips.get(line.interaction_id)
    if strip is not None:
        strip.last_out_at = at
        matter.changed_strips.add(strip.id)
    matter.changed.add(case.id)
    matter.types["message"] = "message.written"
    await matter.keep(session, actor, [line.id])
    if line.sent_at is not None:
        await continue_by_mail.answered(session, [line.interaction_id], at)
