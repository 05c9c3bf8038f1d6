"""Part: a decision is taken back; who was one because of it is two again, under the old ids."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.flows.identify.hold import hold
from polyphony.flows.identify.retell import retell
from polyphony.store import links
from polyphony.store.database import Session


@dataclass(frozen=True, slots=True)
class Parted:
    """Who the two sides are now (one id when they still hang together), and the log's line."""

    customers: list[UUID]
    change: UUID | None


async def part(session: Session, link: UUID, why: str, actor: Actor, at: datetime) -> Parted:
    """Take a Link back; what came in since stays with its record.

    Raises NotFound for an unknown Link; Conflict ``match.revoked`` when somebody was faster,
    ``customer.moved_on`` in a race; Invalid ``match.of_source`` for what no person decided.
    """
    known = await links.one(session, link)
    if known is None:
        raise NotFound("match")
    if known.tier == "source":
        raise Invalid("match.of_source", {"id": str(link)})
    owners = await links.owners(session, link)
    held = await hold(session, owners, at)
    if await links.owners(session, link) != owners:
        raise Conflict("customer.moved_on", {"id": str(link)})
    if not await links.revoke(session, [link], actor, why.strip(), at):
        raise Conflict("match.revoked", {"id": str(link)})
    held.links.pop(link, None)
    done = await retell(session, held, actor, link, also=owners)
    return Parted(await links.owners(session, link), done.change)
