"""Acknowledge: tell a sender that his mail arrived, when the account wants it, within limits."""

from collections import Counter
from uuid import UUID

from polyphony.domain import reference, trust
from polyphony.domain.channel import ChannelKind
from polyphony.domain.trust import Answered
from polyphony.flows.receive.world import Item, World
from polyphony.store import auto_answers, deliveries
from polyphony.store.auto_answers import AutoAnswers
from polyphony.store.database import Session
from polyphony.store.deliveries import DeliveryRow
from polyphony.store.messages import MessageRow

SETTING = "auto_ack"
_HOURS_OF_WEEK = 168


async def write(session: Session, world: World, items: list[Item]) -> list[DeliveryRow]:
    """Write acknowledgements for new Cases into the world; return the deliveries to promise."""
    wanted = [(one, case) for one in items if (case := _new_case(world, one)) is not None]
    if not wanted:
        return []
    addresses = sorted({one.inbound.sender.value for one, _ in wanted})
    lately, totals = await auto_answers.auto_answers(session, addresses, world.at)
    sent: list[DeliveryRow] = []
    now: Counter[str] = Counter({address: len(cases) for address, cases in lately.items()})
    noted: list[tuple[str, UUID]] = []
    for item, case in wanted:
        address = item.inbound.sender.value
        so_far = _so_far(now[address], totals, len(noted))
        if trust.may_acknowledge(so_far) is None:
            now[address] += 1
            noted.append((address, case))
            world.clocks.acknowledged(case, world.at)
            sent.append(_answer(world, item, case))
    await auto_answers.note_auto_answers(session, noted, world.at)
    return sent


async def promise(session: Session, sent: list[DeliveryRow]) -> None:
    """Promise the acknowledgements once their Messages are written."""
    await deliveries.add(session, sent)


def _new_case(world: World, item: Item) -> UUID | None:
    """Return the new Case a person's mail opened, None when there is nothing to acknowledge."""
    if not item.account.settings.get(SETTING) or item.account.kind != ChannelKind.EMAIL.value:
        return None
    if trust.pretended(item.inbound.sender.value) and not item.account.demo:
        return None
    sender = world.senders[item.address]
    if sender.state != "good":
        return None
    if not trust.consequences(item.inbound.automated, sender.address).answerable:
        return None
    line = world.lines.get((item.raw.arrival, item.inbound.key))
    case = world.interactions[line.interaction_id].case_id if line else None
    return case if case in world.new_cases else None


def _so_far(address_day: int, totals: AutoAnswers, now: int) -> Answered:
    return Answered(0, address_day, totals.hour + now, totals.week / _HOURS_OF_WEEK)


def _answer(world: World, item: Item, case_id: UUID) -> DeliveryRow:
    case = world.cases[case_id]
    line = world.lines[(item.raw.arrival, item.inbound.key)]
    language = item.inbound.language or item.account.language
    subject, text = trust.acknowledgement(language, reference.shown(case.reference))
    said = MessageRow(
        id=world.key(),
        interaction_id=line.interaction_id,
        position=world.position(),
        kind="out",
        author_kind="system",
        author_name=item.account.name,
        at=world.at,
        reply_to=line.id,
        text=text,
        subject=subject,
        language=language,
        automated="auto_reply",
        facts={"code": "acknowledgement"},
        delivery_state="queued",
    )
    world.messages.append(said)
    case.last_item = said.position
    sender = world.senders[item.address]
    return DeliveryRow(
        id=world.key(),
        message_id=said.id,
        account_id=item.account.id,
        identity_id=sender.id,
        to_address=sender.address,
        purpose="auto",
        state="queued",
        why=None,
        not_before=world.at,
        created_at=world.at,
        lane=1,
    )
