"""Hold: some customers under their locks, with every record, link and id that means them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain.component import Edge, Id, Node, Piece, Verdict, plan
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import SYSTEM, Actor
from polyphony.domain.profile import DESK, PLAIN, Profile, Said, pins, profile, told
from polyphony.store import lineage, links, records
from polyphony.store.database import Session
from polyphony.store.keys import key
from polyphony.store.lineage import Head
from polyphony.store.links import LinkRow
from polyphony.store.records import RecordRow

TRUSTED = 1


@dataclass(slots=True)
class Held:
    """What is known and decided in this transaction; nothing is written before ``retell``.

    ``heads`` are the ids as they were read, ``records`` and ``links`` as they shall be.
    """

    at: datetime
    heads: dict[UUID, Head]
    records: dict[UUID, RecordRow]
    links: dict[UUID, LinkRow]
    new_records: list[RecordRow] = field(default_factory=list)
    new_links: list[LinkRow] = field(default_factory=list)
    followed: list[tuple[UUID, UUID]] = field(default_factory=list)
    founders: dict[UUID, UUID] = field(default_factory=dict)

    def of(self, customer: UUID) -> list[RecordRow]:
        """Return the records of a customer, oldest first."""
        found = (one for one in self.records.values() if one.customer_id == customer)
        return sorted(found, key=lambda one: (one.at, one.id))

    def write(self, one: RecordRow) -> None:
        """Add a record, the next version of another or a new one."""
        self.records[one.id] = one
        self.new_records.append(one)

    def decide(self, one: LinkRow) -> None:
        """Add a decision."""
        self.links[one.id] = one
        self.new_links.append(one)

    def pieces(self) -> list[Piece]:
        """Say which customers the records are now; raise Conflict when that must not be."""
        nodes = [Node(one.id, one.at, one.trust) for one in self.records.values()]
        edges = [Edge(one.id, one.a, one.b, Verdict(one.verdict)) for one in self.links.values()]
        ids = [
            Id(one.id, self.founders[one.id], one.created_at)
            for one in self.heads.values()
            if one.id in self.founders
        ]
        try:
            return plan(nodes, edges, ids)
        except Conflict as refused:
            link = self.links.get(UUID(str(refused.facts.get("link_id", UUID(int=0)))))
            raise Conflict(refused.code, told_of(link) if link else refused.facts) from None

    def said(self, ids: Sequence[UUID]) -> list[Said]:
        """Return what some records say; old versions say nothing any more."""
        return [
            Said(r.id, r.source, r.source_key, r.name, r.at, r.level, r.trust, r.payload)
            for r in (self.records[id_] for id_ in ids)
            if r.superseded_by is None
        ]

    def profile(self, ids: Sequence[UUID]) -> Profile:
        """Return what is shown of a customer with these records."""
        return profile(told(self.said(ids)))


async def hold(session: Session, customers: Sequence[UUID], at: datetime) -> Held:
    """Lock customers and read all about them.

    Raises NotFound when there is no such customer, Conflict when one was merged in this moment.
    """
    await lineage.lock(session, customers)
    heads = {one.id: one for one in await lineage.heads(session, customers)}
    for one in customers:
        if one not in heads:
            raise NotFound("customer")
        if heads[one].state != "live":
            raise Conflict("customer.moved_on", {"id": str(one)})
    rows = {one.id: one for one in await records.of(session, customers)}
    known = {one.id: one for one in await links.active(session, list(rows))}
    held = Held(at, heads, rows, known)
    for one in customers:
        _found(held, heads[one])
    return held


def _found(held: Held, head: Head) -> None:
    """Know the record each id stands for; write down what so far only the customer's row said.

    Before anything is decided about a customer his row may say more than his records do (a name
    somebody corrected, a tier): that becomes a Record of the desk, as old as the customer.
    """
    founders = {one.id: one.founder_id for one in held.heads.values() if one.founder_id}
    held.founders |= founders
    mine = held.of(head.id)
    if head.id in founders or not mine:
        return
    held.founders[head.id] = mine[0].id
    for other in mine[1:]:
        held.decide(tie(held.at, mine[0].id, other.id))
    shown = held.profile([one.id for one in mine])
    unsaid: dict[str, object] = {
        name: getattr(head, name) or ""
        for name in PLAIN
        if getattr(head, name) != getattr(shown, name)
    }
    strange = {name: value for name, value in head.attrs.items() if shown.attrs.get(name) != value}
    if strange:
        unsaid["attrs"] = strange
    if unsaid:
        desk(held, head.id, unsaid, head.created_at)


def desk(
    held: Held, customer: UUID, change: dict[str, object], at: datetime, actor: Actor = SYSTEM
) -> RecordRow:
    """Write what people of ours say of a customer: a new version of the desk's own record.

    After a merge each side keeps its own; what is said then goes with the id that is shown.
    """
    mine = held.of(customer)
    founder = held.founders[customer]
    before = next(
        (
            one
            for one in mine
            if one.source == DESK and one.superseded_by is None and one.source_key == str(founder)
        ),
        None,
    )
    made = RecordRow(
        key(held.at), customer, DESK, str(founder), "", held.at, TRUSTED,
        pins(before.payload if before else {}, change, at),
    )  # fmt: skip
    held.write(made)
    if before is not None:
        held.records[before.id] = replace(before, superseded_by=made.id)
        held.followed.append((before.id, made.id))
    held.decide(tie(held.at, before.id if before else founder, made.id, actor))
    return made


def told_of(link: LinkRow) -> dict[str, object]:
    """Say of a decision that stands in the way what who asked should know."""
    return {
        "link_id": str(link.id),
        "verdict": link.verdict,
        "reason": link.reason,
        "at": link.at.isoformat(),
    }


def tie(at: datetime, a: UUID, b: UUID, actor: Actor = SYSTEM) -> LinkRow:
    """Return a Link that needs no decision: a version and the next, a person's entry."""
    return LinkRow(key(at), a, b, "same", "source", actor.kind, actor.id, "", at)
