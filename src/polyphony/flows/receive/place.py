"""Place: put one message where it belongs and note what follows from it, all in memory."""

from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.case import REOPEN_FOR, CaseState
from polyphony.domain.channel import ChannelKind
from polyphony.domain.event import Actor
from polyphony.domain.interaction import InteractionState
from polyphony.domain.message import Inbound, What
from polyphony.domain.threading import Placement, place
from polyphony.domain.trust import Consequences, consequences, pretended
from polyphony.flows.receive.follow import ask_for_work, left, take_up
from polyphony.flows.receive.world import Item, World
from polyphony.store.cases import CaseRow, Link, Participant
from polyphony.store.identities import Known
from polyphony.store.interactions import InteractionRow, ThreadId
from polyphony.store.messages import FileRow, MessageRow

TITLE_MAX = 160
PREVIEW_MAX = 200
_DAY = timedelta(hours=24)
_LIVE = frozenset({ChannelKind.CHAT.value})
_NOTHING = Consequences(makes_work=False, reopens=False, answerable=False)


def put(world: World, item: Item) -> MessageRow | None:
    """Place one message; return the line it became, None when it is none (somebody came)."""
    sender = world.senders[item.address]
    proposals = world.proposals(item, sender)
    found = place(proposals, world.facts(sender, proposals), item.inbound.level, world.at)
    if item.inbound.what is What.LEAVE:
        return left(world, item, found)
    if item.inbound.what is What.JOIN:
        return None
    follows = consequences(item.inbound.automated, sender.address)
    if item.inbound.sender.kind is not ChannelKind.EMAIL:
        follows = Consequences(makes_work=True, reopens=True, answerable=False)
    if sender.state == "blocked" or _refused(item):
        follows = _NOTHING
    return _said(world, item, found, follows)


def _said(world: World, item: Item, found: Placement, follows: Consequences) -> MessageRow:
    sender = world.senders[item.address]
    case = world.cases[found.case] if found.case else _open(world, item, found, follows)
    interaction = _interaction(world, item, case, found.interaction)
    line = _line(world, item, interaction, sender)
    _remember(world, item, interaction, line)
    _count(world, case, interaction, line, follows)
    if follows.makes_work:
        take_up(world, case, sender)
        ask_for_work(world, item, case, interaction)
    elif interaction.state == InteractionState.NEW.value:
        interaction.state = InteractionState.QUIET.value
        world.moved_interactions.add(interaction.id)
    return line


def _open(world: World, item: Item, found: Placement, follows: Consequences) -> CaseRow:
    """Open a Case; what only machines said is solved at once and closes by itself."""
    inbound, at = item.inbound, item.raw.received_at
    sender = world.senders[item.address]
    done = None if follows.makes_work else at
    case = CaseRow(
        id=world.key(),
        reference=world.reference(),
        record_id=sender.record_id,
        department_id=item.account.department_id,
        title=_title(inbound),
        preview="",
        state=(CaseState.SOLVED if done else CaseState.OPEN).value,
        state_since=at,
        state_was=None,
        due_at=None,
        priority="normal",
        language=inbound.language or sender.language or item.account.language,
        visibility="open",
        owner_id=None,
        opened_via=item.account.kind,
        opened_at=at,
        first_solved_at=done,
        solved_at=done,
        closed_at=None,
        reopen_until=at + REOPEN_FOR if done else None,
        merged_into=None,
        last_item=0,
        last_customer=0,
        last_staff=0,
        last_at=at,
        demo=item.account.demo,
    )
    world.cases[case.id] = case
    world.new_cases.add(case.id)
    if item.account.visibility == "sealed":
        world.sealed.add(case.id)
    world.participants.add((case.id, sender.id))
    world.admitted.append(Participant(case.id, sender.id, "opened", at))
    if found.link is not None:
        world.links.append(Link(case.id, found.link[1], found.link[0], at, "system"))
    return case


def _interaction(world: World, item: Item, case: CaseRow, proposed: UUID | None) -> InteractionRow:
    """Return the sender's own stretch of the Case that still goes on, else begin one."""
    sender = world.senders[item.address]
    named = world.interactions.get(proposed) if proposed else None
    rest = () if case.id in world.new_cases and named is None else world.interactions.values()
    for one in (named, *reversed(list(rest))):
        if one is not None and _is_theirs(one, item, sender) and one.case_id == case.id:
            return one
    return _begin(world, item, case, sender)


def _is_theirs(one: InteractionRow, item: Item, sender: Known) -> bool:
    return (
        one.identity_id == sender.id
        and one.account_id == item.account.id
        and one.state != InteractionState.ENDED.value
    )


def _begin(world: World, item: Item, case: CaseRow, sender: Known) -> InteractionRow:
    inbound, at = item.inbound, item.raw.received_at
    made = InteractionRow(
        id=world.key(),
        case_id=case.id,
        channel_kind=item.account.kind,
        account_id=item.account.id,
        identity_id=sender.id,
        record_id=sender.record_id,
        thread_key=inbound.thread[:500],
        direction="in",
        mode="live" if item.account.kind in _LIVE else "async",
        state=InteractionState.NEW.value,
        language=inbound.language or case.language,
        subject=inbound.subject[:500],
        agent_id=None,
        opened_at=at,
        last_in_at=at,
        last_out_at=None,
        first_human_reply_at=None,
        ended_at=None,
        ended_by=None,
    )
    world.interactions[made.id] = made
    world.new_interactions.add(made.id)
    world.chats[(item.account.id, sender.id)] = made.id
    world.matters[(item.account.id, sender.id, made.thread_key)] = made.id
    if (case.id, sender.id) not in world.participants:
        world.participants.add((case.id, sender.id))
        world.admitted.append(Participant(case.id, sender.id, "proved", at))
    return made


def _line(world: World, item: Item, interaction: InteractionRow, sender: Known) -> MessageRow:
    inbound, raw = item.inbound, item.raw
    full = inbound.text_full if inbound.text_full != inbound.text else ""
    line = MessageRow(
        id=raw.arrival if item.first else world.key(),
        interaction_id=interaction.id,
        position=world.position(),
        kind="in",
        author_kind="customer",
        at=_said_at(inbound, raw.received_at),
        author_id=sender.id,
        author_name=(inbound.sender_name or sender.name)[:200],
        identity_id=sender.id,
        arrival_id=raw.arrival,
        provider_key=item.message_id[:998],
        cid=_cid(inbound),
        text=inbound.text,
        text_full=full or None,
        html=inbound.html,
        subject=inbound.subject,
        language=inbound.language,
        automated=inbound.automated.value,
        defects=inbound.defects,
        facts=_facts(item),
        sent_at=inbound.sent_at,
    )
    world.messages.append(line)
    for ordinal, part in enumerate(inbound.parts):
        world.files.append(
            FileRow(
                *(world.key(), line.id, ordinal, part.sha256, part.name[:255]),
                *(part.media_type[:255], part.size, part.inline, part.cid[:255] or None),
            )
        )
    return line


def _refused(item: Item) -> bool:
    """The demo's people reach the demo's accounts only: a real one keeps what they say, no more."""
    claim = item.inbound.claims.get("email")
    said = (item.inbound.sender.value, claim.value if claim is not None else "")
    return not item.account.demo and any(map(pretended, said))


def _facts(item: Item) -> dict[str, object]:
    """Keep the line of trust a person may want to see: level, proof, where answers would go."""
    inbound = item.inbound
    facts: dict[str, object] = {"level": inbound.level}
    if _refused(item):
        facts["refused"] = "demo"
    if inbound.automated_reason:
        facts["automated"] = inbound.automated_reason
    for name in ("proof", "reply_to", "cc", "page", "told"):
        if inbound.extra.get(name):
            facts[name] = inbound.extra[name]
    return facts


def _cid(inbound: Inbound) -> UUID | None:
    try:
        return UUID(str(inbound.extra.get("cid") or ""))
    except ValueError:
        return None


def _said_at(inbound: Inbound, received: datetime) -> datetime:
    """When it counts as said: the sender's clock, if it is within a day of ours."""
    if inbound.sent_at is None:
        return received
    return min(max(inbound.sent_at, received - _DAY), received)


def _remember(world: World, item: Item, interaction: InteractionRow, line: MessageRow) -> None:
    if line.provider_key:
        key = (item.account.id, line.provider_key)
        if key not in world.threads:
            world.threads[key] = interaction.id
            world.thread_ids.append(ThreadId(*key, interaction.id))


def _count(
    world: World,
    case: CaseRow,
    interaction: InteractionRow,
    line: MessageRow,
    follows: Consequences,
) -> None:
    # A new Case counts from its first line, as the sender's clock has it.
    case.last_at = max(case.last_at, line.at) if case.last_item else line.at
    case.last_item = line.position
    if follows.makes_work:
        case.last_customer = line.position
    if follows.makes_work or not case.preview:
        case.preview = _preview(line.text or line.subject)
    world.changed_cases.add(case.id)
    interaction.last_in_at = line.at
    world.changed_interactions.add(interaction.id)


def _title(inbound: Inbound) -> str:
    text = inbound.subject or next((one for one in inbound.text.splitlines() if one.strip()), "")
    return " ".join(text.split())[:TITLE_MAX]


def _preview(text: str) -> str:
    return " ".join(text[: 4 * PREVIEW_MAX].split())[:PREVIEW_MAX]


CUSTOMER = Actor("customer")
