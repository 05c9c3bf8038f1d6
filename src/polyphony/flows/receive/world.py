"""World: everything a batch touches, read once, changed in memory, written once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import reference, token
from polyphony.domain.alert import NewAlert
from polyphony.domain.capacity import COSTS, Cost
from polyphony.domain.case import CaseState
from polyphony.domain.message import Inbound
from polyphony.domain.threading import CaseFacts, How, Proposal
from polyphony.flows.measure import Clocks
from polyphony.flows.measure import read as read_clocks
from polyphony.ports import KeyRing, Raw
from polyphony.store import accounts, cases, identities, interactions
from polyphony.store.accounts import AccountRow
from polyphony.store.cases import CaseRow, Link, Participant
from polyphony.store.database import Session, together
from polyphony.store.identities import Claimed, Key, Known, Newcomer
from polyphony.store.interactions import InteractionRow, Proposed, ThreadId
from polyphony.store.keys import keys
from polyphony.store.messages import FileRow, MessageRow
from polyphony.store.offers import Settled


@dataclass(frozen=True, slots=True)
class Item:
    """One thing somebody sent, in the order of arrival."""

    raw: Raw
    account: AccountRow
    inbound: Inbound
    first: bool  # the first event of its arrival

    @property
    def address(self) -> Key:
        """The sender's address; one without any is alone with itself, never joined to others."""
        sender = self.inbound.sender
        scope = sender.scope if sender.value else self.raw.key[:64]
        return (sender.kind.value, scope, sender.value)

    @property
    def message_id(self) -> str:
        """The provider's own id of the message, empty when it has none."""
        return str(self.inbound.extra.get("message_id") or "")


@dataclass(frozen=True, slots=True)
class Need:
    """Work somebody must do: an Interaction that waits, or a parked WorkItem to be woken."""

    case: UUID
    interaction: UUID
    account: AccountRow
    sender: Known
    inbound: Inbound
    sticky: UUID | None
    before: UUID | None  # the Queue the matter was in
    fresh: bool
    at: datetime


@dataclass(slots=True)
class World:
    """The rows of a batch by id, and what is new or changed among them."""

    at: datetime
    keyring: KeyRing
    senders: dict[Key, Known] = field(default_factory=dict)
    newcomers: list[Newcomer] = field(default_factory=list)
    strangers: set[UUID] = field(default_factory=set)
    cases: dict[UUID, CaseRow] = field(default_factory=dict)
    interactions: dict[UUID, InteractionRow] = field(default_factory=dict)
    participants: set[tuple[UUID, UUID]] = field(default_factory=set)
    threads: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    references: dict[str, UUID] = field(default_factory=dict)
    chats: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)
    matters: dict[tuple[UUID, UUID, str], UUID] = field(default_factory=dict)
    clocks: Clocks = field(default_factory=Clocks)
    costs: Mapping[str, Cost] = field(default_factory=lambda: COSTS)
    new_cases: set[UUID] = field(default_factory=set)
    changed_cases: set[UUID] = field(default_factory=set)
    new_interactions: set[UUID] = field(default_factory=set)
    changed_interactions: set[UUID] = field(default_factory=set)
    moved_interactions: set[UUID] = field(default_factory=set)  # … in a way screens show
    admitted: list[Participant] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    thread_ids: list[ThreadId] = field(default_factory=list)
    messages: list[MessageRow] = field(default_factory=list)
    files: list[FileRow] = field(default_factory=list)
    needs: dict[UUID, Need] = field(default_factory=dict)
    waits: dict[UUID, Need] = field(default_factory=dict)
    wakes: set[UUID] = field(default_factory=set)
    cancels: set[UUID] = field(default_factory=set)
    restored: set[UUID] = field(default_factory=set)
    sealed: set[UUID] = field(default_factory=set)  # fresh Cases of sealed Departments
    withdrawn: list[Settled] = field(default_factory=list)
    alarms: list[NewAlert] = field(default_factory=list)
    lines: dict[tuple[UUID, str], MessageRow] = field(default_factory=dict)
    _keys: list[UUID] = field(default_factory=list)
    _positions: list[int] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)
    _secret: bytes = b""

    def stock(self, positions: Sequence[int], numbers: Sequence[int]) -> None:
        """Take positions and reference numbers for the whole batch."""
        self._positions, self._numbers = list(positions)[::-1], list(numbers)[::-1]
        self._secret = self.keyring.mac("reference", "feistel")

    def key(self) -> UUID:
        """Return a new key of this batch."""
        if not self._keys:
            self._keys = keys(self.at, 256)[::-1]
        return self._keys.pop()

    def position(self) -> int:
        """Return the next position of a Message."""
        return self._positions.pop()

    def reference(self) -> str:
        """Return the reference of a new Case."""
        return reference.reference(self.at.year, self._numbers.pop(), self._secret)

    def queue_of(self, case: UUID) -> UUID | None:
        """Return the Queue another live WorkItem of the Case is in."""
        for one in self.interactions.values():
            if one.case_id == case and one.work_queue is not None:
                return one.work_queue
        return None

    def proposals(self, item: Item, sender: Known) -> list[Proposal]:
        """Collect what the message says about where it belongs; nothing of it is believed yet."""
        return [
            *self._by_token(item),
            *self._by_thread(item),
            *self._by_reference(item),
            *self._by_chat(item, sender),
        ]

    def facts(self, sender: Known, proposals: Sequence[Proposal]) -> dict[UUID, CaseFacts]:
        """Return what threading must know of the proposed Cases, seen from one sender."""
        found: dict[UUID, CaseFacts] = {}
        todo = [one.case for one in proposals]
        while todo:
            row = self.cases.get(todo.pop())
            if row is None or row.id in found:
                continue
            here = (row.id, sender.id) in self.participants
            found[row.id] = CaseFacts(
                row.id, CaseState(row.state), here, row.merged_into, row.reopen_until
            )
            if row.merged_into is not None:
                todo.append(row.merged_into)
        return found

    def _by_token(self, item: Item) -> Iterable[Proposal]:
        for text in item.inbound.tokens:
            found = token.read(text)
            if found is not None and found[0] in self.cases:
                claim = token.claim(self.keyring.deployment, found[0], item.inbound.sender)
                right = self.keyring.checks(token.PURPOSE, claim, found[1])
                yield Proposal(How.TOKEN, found[0], proved=right)

    def _by_thread(self, item: Item) -> Iterable[Proposal]:
        for id_ in item.inbound.continues:
            interaction = self.threads.get((item.account.id, id_))
            if interaction is not None:
                yield Proposal(How.THREAD, self.interactions[interaction].case_id, interaction)

    def _by_reference(self, item: Item) -> Iterable[Proposal]:
        digits = reference.found_in(item.inbound.subject)
        if digits in self.references:
            yield Proposal(How.REFERENCE, self.references[digits])

    def _by_chat(self, item: Item, sender: Known) -> Iterable[Proposal]:
        """The bearer proves the sender; he may name a Case of his own or a matter he began."""
        if item.inbound.sender.kind.value == "email":
            return
        named = case_named(item)
        if named is not None:
            if named in self.cases and (named, sender.id) in self.participants:
                yield Proposal(How.SESSION, named, self._strip_in(named, item, sender))
            return
        interaction = (
            self.matters.get((item.account.id, sender.id, item.inbound.thread[:500]))
            if item.inbound.extra.get("matter")
            else self.chats.get((item.account.id, sender.id))
        )
        if interaction is not None:
            yield Proposal(How.SESSION, self.interactions[interaction].case_id, interaction)

    def _strip_in(self, case: UUID, item: Item, sender: Known) -> UUID | None:
        """Return the sender's own stretch of a Case that still goes on."""
        for one in self.interactions.values():
            mine = one.identity_id == sender.id and one.account_id == item.account.id
            if mine and one.case_id == case and one.state != "ended":
                return one.id
        return None


def case_named(item: Item) -> UUID | None:
    """Return the Case a chat line names, if it names one."""
    try:
        return UUID(str(item.inbound.extra.get("case") or ""))
    except ValueError:
        return None


async def load(session: Session, items: Sequence[Item], world: World) -> None:
    """Read what the batch touches: senders under their locks, Cases under theirs."""
    await identities.lock(session, [one.address for one in items])
    await _load_senders(session, items, world)
    wanted = await _proposed(session, items, world)
    world.cases = await cases.locked(session, sorted(wanted))
    if world.cases:
        ids = sorted(world.cases)
        senders = sorted({one.id for one in world.senders.values()})
        world.interactions, world.participants, world.clocks = await together(
            interactions.of_cases(session, ids),
            cases.participants(session, ids, senders),
            read_clocks(session, ids),
        )


async def _load_senders(session: Session, items: Sequence[Item], world: World) -> None:
    first: dict[Key, Item] = {}
    for one in items:
        first.setdefault(one.address, one)
    world.senders = await identities.find(session, list(first))
    new = [address for address in first if address not in world.senders]
    unused = await identities.unused(session, new)
    for address in new:
        _welcome(world, address, first[address], unused.get(address))
    levels: dict[Key, int] = {}
    for item in items:
        proved = item.inbound.level
        if proved > max(levels.get(item.address, 0), world.senders[item.address].level):
            levels[item.address] = proved
    await identities.add(session, world.newcomers)
    raised = [
        (known.id, known.record_id, level, "transport")
        for address, level in levels.items()
        if (known := world.senders[address])
    ]
    await identities.raise_levels(session, sorted(raised))
    for address, level in levels.items():
        world.senders[address] = replace(world.senders[address], level=level)
    await identities.note_claims(session, _claims(world, items))


def _claims(world: World, items: Sequence[Item]) -> list[Claimed]:
    """List the e-mail addresses given beside the senders' own."""
    return [
        Claimed(
            *(world.key(), world.senders[item.address].record_id, claim.value, claim.level),
            *("proved" if claim.level else "typed", item.raw.received_at),
        )
        for item in items
        if (claim := item.inbound.claims.get("email")) is not None
        and item.inbound.sender.kind.value != "email"
    ]


def _welcome(world: World, address: Key, item: Item, unused: UUID | None) -> None:
    kind, scope, value = address
    inbound = item.inbound
    name = inbound.sender_name[:200] or value
    state = "good" if value else "invalid"
    new = Newcomer(
        *(unused or world.key(), world.key(), world.key(), kind, scope, value, value, state, name),
        *(inbound.language, inbound.level, "transport", item.raw.received_at),
    )
    world.newcomers.append(new)
    world.strangers.add(new.identity_id)
    world.senders[address] = Known(
        *(new.identity_id, kind, scope, value, state, new.record_id, new.customer_id),
        *(inbound.level, "standard", name, inbound.language, name),
    )


async def _proposed(session: Session, items: Sequence[Item], world: World) -> set[UUID]:
    """Look up everything the messages point at; return the Cases that are meant."""
    wanted = {
        found[0] for one in items for text in one.inbound.tokens if (found := token.read(text))
    }
    threads = sorted({(one.account.id, id_) for one in items for id_ in one.inbound.continues})
    chats = sorted(
        {
            (one.account.id, world.senders[one.address].id)
            for one in items
            if one.inbound.sender.kind.value != "email"
        }
    )
    matters = sorted(
        {
            (one.account.id, world.senders[one.address].id, one.inbound.thread[:500])
            for one in items
            if one.inbound.extra.get("matter")
        }
    )
    digits = sorted({d for one in items if (d := reference.found_in(one.inbound.subject))})
    by_thread, by_chat, by_matter = await together(
        interactions.by_thread(session, threads),
        interactions.open_of(session, chats),
        interactions.by_matter(session, matters),
    )
    world.threads = {(one.account_id, one.key): one.interaction_id for one in by_thread}
    world.chats = {(one.account_id, UUID(one.key)): one.interaction_id for one in by_chat}
    world.matters = {
        (one.account_id, UUID(one.key[:36]), one.key[36:]): one.interaction_id for one in by_matter
    }
    wanted |= {named for one in items if (named := case_named(one)) is not None}
    if digits:
        world.references = await cases.by_references(session, digits)
    return wanted | _cases_of([*by_thread, *by_chat, *by_matter]) | set(world.references.values())


def _cases_of(found: Iterable[Proposed]) -> set[UUID]:
    return {one.case_id for one in found}


async def accounts_of(session: Session, raws: Sequence[Raw]) -> dict[UUID, AccountRow]:
    """Return the accounts of a batch."""
    return await accounts.by_ids(session, sorted({one.account.id for one in raws}))
