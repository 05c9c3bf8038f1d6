"""Turn: one transaction of the router: its session and stamp, what it told and what was refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from polyphony.domain.event import Actor
from polyphony.domain.routing.decisions import Decision
from polyphony.domain.routing.facts import Refused
from polyphony.domain.service_hours import to_datetime
from polyphony.flows.announce import announce
from polyphony.flows.hand_back import Was
from polyphony.store import journal
from polyphony.store.database import Session
from polyphony.store.journal import Trace
from polyphony.store.offers import Stamp

ROUTER = Actor("router")


@dataclass(slots=True)
class Told:
    """What changed, to be told to everybody at the end of the transaction."""

    offers: list[UUID] = field(default_factory=list)
    items: list[UUID] = field(default_factory=list)
    types: dict[UUID | str, str] = field(default_factory=dict)
    agents: set[UUID] = field(default_factory=set)
    presences: set[UUID] = field(default_factory=set)
    was: dict[UUID, list[str]] = field(default_factory=dict)
    cases: set[UUID] = field(default_factory=set)

    def add(self, about: tuple[UUID, UUID, UUID], offer_type: str, item_type: str) -> None:
        """Note an Offer, its item and its agent."""
        offer, item, agent = about
        self.offers.append(offer)
        self.types[offer] = offer_type
        self.item(item, agent, item_type)

    def item(self, item: UUID, agent: UUID, type_: str) -> None:
        """Note an item and whose load it changed."""
        self.items.append(item)
        self.types[item] = type_
        self.agents.add(agent)

    def lose(self, was: Was, cases: Iterable[UUID]) -> None:
        """Note whose sight ended with an Offer."""
        for one, tags in was.items():
            self.was.setdefault(one, []).extend(tags)
        self.cases.update(cases)


@dataclass(slots=True)
class Turn:
    """One transaction of the router."""

    session: Session
    stamp: Stamp
    told: Told = field(default_factory=Told)
    refused: list[Refused] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    loads: dict[UUID, int] = field(default_factory=dict)
    """Agents whose load nothing but new Offers changed, and its version now."""

    def refuse(self, some: Iterable[Decision]) -> None:
        """Note what the database did not take."""
        for one in some:
            item, agent = getattr(one, "item", None), getattr(one, "agent", None)
            if item is not None:
                self.refused.append(Refused(one.at, item, agent))

    def trace(self, some: Iterable[Decision]) -> None:
        """Note for whoever asks why: what was done to an item besides offering it."""
        for one in some:
            item = getattr(one, "item", None)
            if item is not None:
                facts = one.why()
                code = str(facts.pop("code"))
                self.traces.append(Trace(item, to_datetime(one.at), code, facts))

    async def end(self) -> None:
        """Keep the traces and tell everybody."""
        told = self.told
        await journal.trace(self.session, self.traces, self.stamp.epoch or 0)
        await announce(
            self.session,
            actor=ROUTER,
            types=told.types,
            was=told.was,
            offers=told.offers,
            work_items=list(dict.fromkeys(told.items)),
            loads=sorted(told.agents),
            presences=sorted(told.presences),
            cases=sorted(told.cases),
        )
