"""Escalate: the clock struck: warn, weigh more, climb the ladder, hear who has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from polyphony.domain import escalation
from polyphony.domain.alert import AlertKind, NewAlert
from polyphony.domain.errors import Conflict, NotFound, Refusal
from polyphony.domain.escalation import Action, Ladder, Place, Rung
from polyphony.domain.event import TIMER, Actor, NewEvent, Op
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.domain.permission import CaseFacts, Scope, sees, supervised
from polyphony.flows import call_out, handle
from polyphony.flows.alarm import alarm
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import Matter, lock
from polyphony.flows.notify import notify
from polyphony.store import (
    alerts,
    cases,
    events,
    followers,
    hooks,
    inbox,
    messages,
    people,
    queues,
    sla,
    urge,
    work,
)
from polyphony.store.clocks import ClockRow
from polyphony.store.database import Session
from polyphony.store.hooks import NewCall
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow
from polyphony.store.sla import Run
from polyphony.store.urge import Pressed


@dataclass(slots=True)
class _Turn:
    """What one turn works on: Cases under their locks, their live work, whom it may tell."""

    matter: Matter
    work: Mapping[UUID, list[Pressed]]
    facts: Mapping[UUID, CaseFacts]
    leads: Mapping[UUID, Scope]
    changed: dict[UUID, Pressed] = field(default_factory=dict)
    notices: list[NewNotice] = field(default_factory=list)
    lines: list[MessageRow] = field(default_factory=list)
    moves: dict[UUID, tuple[UUID, Run]] = field(default_factory=dict)
    calls: list[NewCall] = field(default_factory=list)

    def of(self, case: UUID) -> list[Pressed]:
        """Return the live work of a Case."""
        return self.work.get(case, [])

    def leads_of(self, case: UUID, department: UUID | None = None) -> list[UUID]:
        """Return the leads of a department (that of the Case) who see the Case."""
        facts = self.facts.get(case)
        if facts is None:
            return []
        place = department or facts.department
        return [
            one
            for one, scope in sorted(self.leads.items())
            if place in supervised(scope) and sees(scope, facts)
        ]


@dataclass(frozen=True, slots=True)
class _Fired:
    run: Run
    rung: Rung
    ladder: Ladder
    clock: ClockRow


async def climb(session: Session, due: Sequence[UUID], at: datetime) -> int:
    """Fire the rungs whose time has come in these Cases; return how many.

    A clock climbs one rung a turn, so that each is seen. Each (clock, rung, round) fires once.
    """
    if not due:
        return 0
    matter = await lock(session, due, at)
    struck = [one for case in due for one in matter.clocks.live(case) if _is_due(one, at)]
    if not struck:
        return 0
    ladders = await sla.ladders(session, [one.escalation_id for one in struck if one.escalation_id])
    fired = [made for one in struck if (made := _fire(matter, one, ladders, at)) is not None]
    fresh = await sla.add_runs(session, [one.run for one in fired])
    fired = [one for one in fired if one.run.id in fresh]
    turn = await _look(session, matter, fired)
    for one in fired:
        one.run.outcome |= await _act(session, turn, one)
    await sla.say(session, {one.run.id: one.run.outcome for one in fired})
    await _write(session, turn, fired, at)
    return len(struck)


def _is_due(clock: ClockRow, at: datetime) -> bool:
    return clock.escalate_at is not None and clock.escalate_at <= at


def _fire(
    matter: Matter, clock: ClockRow, ladders: Mapping[UUID, Ladder], at: datetime
) -> _Fired | None:
    """Note that a rung was reached and aim at the next; None when the ladder is gone."""
    ladder = ladders.get(clock.escalation_id) if clock.escalation_id else None
    if ladder is None or clock.rung >= len(ladder.rungs) or clock.rung_ms is None:
        matter.clocks.aim(clock, None, at)
        return None
    rung = ladder.rungs[clock.rung]
    answerable = rung.ack or rung.repeat_min is not None
    run = Run(
        *(key(at), clock.id, clock.rung, clock.round, clock.case_id, at, rung.action.value),
        {"ladder": ladder.name, "clock": clock.type},
        answerable,
    )
    place = Place(clock.rung, clock.round, clock.rung_ms)
    matter.clocks.aim(clock, escalation.after(ladder, place, clock.target_ms), at)
    return _Fired(run, rung, ladder, clock)


async def _look(session: Session, matter: Matter, fired: Sequence[_Fired]) -> _Turn:
    """Read, and lock in the order of everybody, what the rungs may touch."""
    ids = sorted({one.run.case_id for one in fired})
    await work.lock(session, [one.id for one in await urge.live(session, ids)])
    live: dict[UUID, list[Pressed]] = {}
    for one in await urge.live(session, ids):
        live.setdefault(one.case_id, []).append(one)
    supervisors = await people.scopes(session, await followers.supervisors(session))
    return _Turn(matter, live, await inbox.facts(session, ids), supervisors)


async def _act(session: Session, turn: _Turn, one: _Fired) -> dict[str, object]:
    """Do what a rung says, in memory as far as it goes; return what came of it."""
    match one.rung.action:
        case Action.NOTIFY | Action.PAGE:
            return await _tell(session, turn, one)
        case Action.MOVE:
            return await _move(session, turn, one)
        case Action.WEBHOOK:
            return await _call(session, turn, one)
        case Action.RAISE | Action.LADDER | Action.ASSIGN | Action.NOTE as action:
            return _IN_MEMORY[action](turn, one)


async def _call(session: Session, turn: _Turn, one: _Fired) -> dict[str, object]:
    """Promise a call to another system; it is made by a worker, again and again if it must."""
    hook = one.rung.hook
    name = (await hooks.names(session, [hook])).get(hook) if hook else None
    if hook is None or name is None:
        return {"why": "hook_gone"}
    case = turn.matter.cases[one.run.case_id]
    words = {"reference": case.reference, "priority": case.priority, "state": case.state}
    turn.calls.append(call_out.told(one.run, hook, words, turn.matter.at))
    return {"hook": name}


async def _tell(session: Session, turn: _Turn, one: _Fired) -> dict[str, object]:
    case = one.run.case_id
    wanted: dict[UUID, None] = {}
    fell_back = ""
    for who, id_ in one.rung.to:
        if who != "on_call":
            wanted |= dict.fromkeys(await _people(session, turn, case, (who, id_)))
            continue
        found = await call_out.on_call(session, turn.facts[case], id_, turn.matter.at)
        fell_back = fell_back or found.why
        there = turn.leads_of(case, id_) if found.person is None else [found.person]
        wanted |= dict.fromkeys(there)
    turn.notices += [
        NewNotice(
            person,
            NoticeKind.ESCALATION,
            case,
            text=one.rung.text or turn.matter.cases[case].title,
            from_name=one.ladder.name,
            urgent=one.rung.action is Action.PAGE,
            run_id=one.run.id if one.run.answerable else None,
        )
        for person in wanted
    ]
    told: dict[str, object] = {"told": [str(person) for person in wanted]}
    return told | ({"why": fell_back} if fell_back else {})


async def _people(
    session: Session, turn: _Turn, case: UUID, to: tuple[str, UUID | None]
) -> list[UUID]:
    who, id_ = to
    if who == "lead":
        return turn.leads_of(case, id_)
    if who == "person":
        return [id_] if id_ else []
    if who == "department":
        return await followers.members(session, id_) if id_ else []
    holders = sorted({item.agent_id for item in turn.of(case) if item.agent_id is not None})
    owner = turn.matter.cases[case].owner_id
    return holders or ([owner] if owner else [])


def _raise(turn: _Turn, one: _Fired) -> dict[str, object]:
    """Urgency and tier only ever rise here."""
    case, rung = turn.matter.cases[one.run.case_id], one.rung
    was = case.priority
    if rung.urgency:
        case.priority = _urgency(case.priority, rung.urgency)
        turn.matter.changed.add(case.id)
    for item in turn.of(case.id):
        item.urgency = _urgency(item.urgency, rung.urgency) if rung.urgency else item.urgency
        item.tier = escalation.higher_tier(item.tier, rung.tier) if rung.tier else item.tier
        turn.changed[item.id] = item
    return {"from": was, "to": case.priority, "tier": rung.tier}


def _urgency(now: str, wish: str) -> str:
    if wish == "up":
        return escalation.raised(now)
    known = ("low", "normal", "high", "critical")
    return max(now, wish, key=known.index)


def _widen(turn: _Turn, one: _Fired) -> dict[str, object]:
    for item in turn.of(one.run.case_id):
        item.ladder_step = max(item.ladder_step, one.rung.step or 0)
        turn.changed[item.id] = item
    return {"step": one.rung.step}


async def _move(session: Session, turn: _Turn, one: _Fired) -> dict[str, object]:
    """What waits goes to the other Queue; what somebody has stays in his hands."""
    queue = one.rung.queue
    if queue is None or queue not in await queues.of(session, [queue]):
        return {"why": "queue_gone"}
    waiting = [item for item in turn.of(one.run.case_id) if item.state in {"waiting", "offered"}]
    turn.moves |= {item.id: (queue, one.run) for item in waiting if item.queue_id != queue}
    held = len(turn.of(one.run.case_id)) - len(waiting)
    return {"queue_id": str(queue), "moved": len(waiting), "held": held}


def _assign(turn: _Turn, one: _Fired) -> dict[str, object]:
    """The Case gets a name: the lead named, else the first lead of the department."""
    case = turn.matter.cases[one.run.case_id]
    named = [id_ for who, id_ in one.rung.to if who == "person" and id_]
    place = next((id_ for who, id_ in one.rung.to if who == "lead"), None)
    found = named or turn.leads_of(case.id, place)
    if not found:
        return {"why": "no_lead"}
    lead = case.owner_id if case.owner_id in found else found[0]
    case.owner_id = lead
    turn.matter.changed.add(case.id)
    for item in turn.of(case.id):
        item.sticky = lead
        turn.changed[item.id] = item
    turn.notices.append(
        NewNotice(lead, NoticeKind.ESCALATION, case.id, text=case.title, from_name=one.ladder.name)
    )
    return {"owner_id": str(lead)}


def _note(_: _Turn, one: _Fired) -> dict[str, object]:
    return {"text": one.rung.text}


_IN_MEMORY: Mapping[Action, Callable[[_Turn, _Fired], dict[str, object]]] = {
    Action.RAISE: _raise,
    Action.LADDER: _widen,
    Action.ASSIGN: _assign,
    Action.NOTE: _note,
}


async def _write(session: Session, turn: _Turn, fired: Sequence[_Fired], at: datetime) -> None:
    pressed = await urge.save(session, [turn.changed[one] for one in sorted(turn.changed)])
    lines = await _lines(session, turn, fired, at)
    turn.matter.changed |= {one.run.case_id for one in fired}
    turn.matter.types |= dict.fromkeys((one.run.case_id for one in fired), "escalation.fired")
    await turn.matter.keep(session, TIMER, lines)
    await announce(session, actor=TIMER, work_items=pressed)
    await _transfer(session, turn, at)
    await notify(session, turn.notices, at, TIMER)
    await hooks.add(session, turn.calls, at)
    await events.append(session, [_event(one.run, "fired", TIMER) for one in fired])


async def _transfer(session: Session, turn: _Turn, at: datetime) -> None:
    """Carry out the moves; what a Queue does not take, or somebody has just taken, stays."""
    stayed: dict[UUID, dict[str, object]] = {}
    for item in sorted(turn.moves):  # few: what a rung moves waits in one Case
        queue, run = turn.moves[item]
        try:
            await handle.transfer(session, item, handle.Target(queue=queue), TIMER, at)
        except Refusal as refused:
            run.outcome |= {"why": refused.code, "moved": 0}
            stayed[run.id] = run.outcome
            if refused.code == "queue.full":
                told = NewAlert(AlertKind.QUEUE_FULL, str(queue), queue_id=queue)
                await alarm(session, [told], at)
    await sla.say(session, stayed)


async def _lines(
    session: Session, turn: _Turn, fired: Sequence[_Fired], at: datetime
) -> list[UUID]:
    """Leave a line in the Case for each rung, not for its repeats; a note when it says one."""
    told = [one for one in fired if one.run.round == 0 and turn.matter.of(one.run.case_id)]
    places = await messages.positions(session, len(told))
    lines = [_line(turn.matter, one, place, at) for one, place in zip(told, places, strict=True)]
    await messages.add(session, lines)
    return [one.id for one in lines]


def _line(matter: Matter, one: _Fired, place: int, at: datetime) -> MessageRow:
    case = matter.cases[one.run.case_id]
    case.last_item = max(case.last_item, place)
    note = one.rung.action is Action.NOTE
    facts: dict[str, object] = {"code": "escalated", "action": one.run.action}
    return MessageRow(
        id=key(at),
        interaction_id=matter.of(case.id)[-1].id,
        position=place,
        kind="note" if note else "system",
        author_kind="system",
        author_name=one.ladder.name if note else "",
        at=at,
        text=one.rung.text if note else "",
        facts=facts | {"ladder": one.ladder.name, "clock": one.clock.type, **one.run.outcome},
    )


def _event(run: Run, what: str, actor: Actor) -> NewEvent:
    return NewEvent(
        f"escalation.{what}",
        Op.FACT,
        "escalation_run",
        run.id,
        None,
        ["admin"],
        case_id=run.case_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        cid=actor.cid,
        payload={"clock_id": str(run.clock_id), "step": run.step, "round": run.round},
    )


async def acknowledge(session: Session, id_: UUID, actor: Actor, at: datetime) -> Run:
    """Say that somebody has it: repeats and later rungs of that clock do not fire.

    Raises NotFound, or Conflict when somebody has it already or no answer was asked for.
    """
    seen = await sla.run(session, id_)
    if seen is None or actor.id is None:
        raise NotFound("escalation_run")
    await cases.locked(session, [seen.case_id])
    run = await sla.run(session, id_, lock=True)
    if run is None:  # pragma: no cover - nobody removes a run while its Case is locked
        raise NotFound("escalation_run")
    if run.ack_at is not None:
        raise Conflict("escalation.acknowledged", {"by": str(run.ack_by)})
    if not run.answerable:
        raise Conflict("escalation.no_answer_wanted")
    await sla.acknowledge(session, id_, actor.id, at)
    run.ack_at, run.ack_by = at, actor.id
    touched = await cases.touch(session, [run.case_id])
    await announce(session, actor=actor, types={"case": "case.changed"}, cases=touched)
    await events.append(session, [_event(run, "acknowledged", actor)])
    gone = await alerts.end(session, AlertKind.ESCALATION, str(run.clock_id), at)
    await announce(session, actor=actor, types={"alert": "alert.gone"}, alerts=gone)
    return run
