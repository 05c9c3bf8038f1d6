"""CaseStep: its states and moves, and how a process walks: enter, finish, reject, waive, reopen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

import cel

from polyphony.domain.errors import Conflict, NotFound, Refusal
from polyphony.domain.move import By, Moved, Table
from polyphony.domain.process import MACHINE, WAITS, Process, StepKind, StepPlan
from polyphony.domain.rule_text import holds

ROUNDS_MAX = 5
"""So often a process enters the same step by itself; then a person decides."""


STUCK = "loop_limit"
"""Why a step waits that was entered too often."""


class StepState(StrEnum):
    """Where a step is; ``active`` is worked on, ``waiting`` waits for somebody or a moment."""

    TODO = "todo"
    ACTIVE = "active"
    WAITING = "waiting"
    DONE = "done"
    WAIVED = "waived"
    REJECTED = "rejected"


class StepMove(StrEnum):
    """What can happen to a step."""

    ACTIVATE = "activate"
    WAIT = "wait"
    HAND = "hand"
    FINISH = "finish"
    REJECT = "reject"
    WAIVE = "waive"
    REOPEN = "reopen"
    RESET = "reset"


_T, _A, _W = StepState.TODO, StepState.ACTIVE, StepState.WAITING
_D, _V, _R = StepState.DONE, StepState.WAIVED, StepState.REJECTED
LIVE = frozenset({_A, _W})
OPEN = LIVE | {_T}
"""A Case with steps in these states is not solved."""
_SYSTEM = frozenset({By.SYSTEM})
_DOERS = frozenset({By.AGENT, By.COLLEAGUE, By.SUPERVISOR, By.BOT, By.PROVIDER})
_WAITED = frozenset({By.CUSTOMER, By.TIMER, By.AGENT, By.COLLEAGUE, By.SUPERVISOR, By.PROVIDER})
_WAIVERS = frozenset({By.COLLEAGUE, By.SUPERVISOR, By.SYSTEM})
_LEADS = frozenset({By.SUPERVISOR})
_ROWS: tuple[tuple[tuple[StepState, ...], StepMove, StepState, frozenset[By]], ...] = (
    ((_T, _R), StepMove.ACTIVATE, _A, _SYSTEM),
    ((_T, _R), StepMove.WAIT, _W, _SYSTEM),
    ((_W,), StepMove.HAND, _A, _SYSTEM),
    ((_A,), StepMove.FINISH, _D, _DOERS | _SYSTEM),
    ((_W,), StepMove.FINISH, _D, _WAITED),
    ((_A,), StepMove.REJECT, _R, _DOERS),
    ((_T, _A, _W, _R), StepMove.WAIVE, _V, _WAIVERS),
    ((_D, _V, _R), StepMove.REOPEN, _A, _LEADS),
    ((_A, _W, _D, _V, _R), StepMove.RESET, _T, _SYSTEM),
)
TABLE = Table(
    "case_step",
    {(state, move): to for froms, move, to, _ in _ROWS for state in froms},
    {(state, move): who for froms, move, _, who in _ROWS for state in froms},
    {},
)
MOVES, WHO = TABLE.moves, TABLE.who


def move(state: StepState, what: StepMove, by: By) -> Moved[StepState] | Refusal:
    """Decide one move of a step by itself; what follows for the others is the walk's business."""
    return TABLE.decide(state, what, by)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a running process.

    ``why`` says how it came to its state (waived by whom, why it waits); ``approved`` are those
    who agreed in this round, ``done_by`` is who finished it.
    """

    key: str
    state: StepState = StepState.TODO
    rounds: int = 0
    why: str = ""
    approved: tuple[UUID, ...] = ()
    done_by: UUID | None = None


Ask = Callable[[cel.Program], bool | None]
"""Answers a condition of the process; None when it fails."""


@dataclass(slots=True)
class Run:
    """A process under way: its steps by key; changed by the functions below.

    ``entered`` are steps that began (again), ``ended`` those that stopped being live, ``stuck``
    those entered too often, ``again`` approvals that need one more person, ``handed`` what the
    machine could not do; ``closes`` = the Case is to be solved.
    """

    plan: Process
    steps: dict[str, Step]
    ask: Ask
    entered: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    closes: bool = False

    @property
    def live(self) -> list[str]:
        """Return the steps that are active or waiting."""
        return [one.key for one in self.plan.steps if self.steps[one.key].state in LIVE]

    @property
    def over(self) -> bool:
        """Tell whether nothing is left to do."""
        return not any(one.state in OPEN for one in self.steps.values())


def new(plan: Process, ask: Ask) -> Run:
    """Make a run none of whose steps has begun."""
    return Run(plan, {one.key: Step(one.key) for one in plan.steps}, ask)


def run_of(plan: Process, steps: Iterable[Step], ask: Ask) -> Run:
    """Take a run up again; raise NotFound when its steps are not those of the process."""
    found = {one.key: one for one in steps}
    if found.keys() != set(plan.stage):
        raise NotFound("case_step")
    return Run(plan, found, ask)


def begin(run: Run) -> None:
    """Enter the first stage."""
    _enter(run, 0)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who moves a step, as what."""

    by: By
    person: UUID | None = None


def finish(run: Run, key: str, doer: Doer) -> None:
    """A step is over: the process goes on; an approval may need another person first.

    Raises Conflict when it is not live, Forbidden when it is not theirs,
    ``case_step.same_person`` when somebody approves twice or what he did himself.
    """
    step, plan = _step(run, key), run.plan.of(key)
    _check(step, StepMove.FINISH, doer.by)
    if plan.kind is StepKind.APPROVAL and step.state is StepState.ACTIVE:
        _agree(run, plan, doer)
        step = run.steps[key]
        if len(step.approved) < plan.approvals:
            run.again.append(key)
            return
    _set(run, key, StepState.DONE, done_by=doer.person)
    _go_on(run, plan)


def hand_over(run: Run, key: str, why: str) -> None:
    """Give a step the machine could not do to a person; ``why`` is the code of what stopped it."""
    step = _step(run, key)
    _check(step, StepMove.HAND, By.SYSTEM)
    run.steps[key] = replace(step, state=StepState.ACTIVE, why=why)
    run.handed.append(key)


def may_approve(run: Run, key: str, person: UUID) -> bool:
    """Tell whether somebody may agree: once a round, and not to what he did himself just before."""
    return person not in run.steps[key].approved and person not in before(run, key)


def before(run: Run, key: str) -> set[UUID]:
    """Return who finished the stage before a step."""
    stage = run.plan.stage[key] - 1
    found: set[UUID] = set()
    while stage >= 0 and not found:
        doers = [run.steps[one.key] for one in run.plan.stages[stage]]
        found = {one.done_by for one in doers if one.done_by and one.state is StepState.DONE}
        stage -= 1
    return found


def _agree(run: Run, plan: StepPlan, doer: Doer) -> None:
    step = run.steps[plan.key]
    if doer.person is None or not may_approve(run, plan.key, doer.person):
        raise Conflict("case_step.same_person", {"step": plan.title})
    run.steps[plan.key] = replace(step, approved=(*step.approved, doer.person))


def reject(run: Run, key: str, doer: Doer) -> None:
    """Refuse a step: the process goes back as it was designed, or ends."""
    step, plan = _step(run, key), run.plan.of(key)
    _check(step, StepMove.REJECT, doer.by)
    _set(run, key, StepState.REJECTED, done_by=doer.person)
    if plan.on_reject is None:
        _end(run, "rejected")
    else:
        _redo(run, plan.on_reject)


def waive(run: Run, key: str, doer: Doer) -> None:
    """Let a step go; a live one is over, one to come is passed over."""
    step, plan = _step(run, key), run.plan.of(key)
    _check(step, StepMove.WAIVE, doer.by)
    was_live = step.state in LIVE
    _set(run, key, StepState.WAIVED, why="person", done_by=doer.person)
    if was_live:
        _go_on(run, plan)


def reopen(run: Run, key: str, doer: Doer) -> None:
    """Take a finished step up again: what came after it is to be done once more.

    A person decides, so the count of rounds begins anew. One the process has not come to yet is
    only to be done again when its turn comes.
    """
    step = _step(run, key)
    _check(step, StepMove.REOPEN, doer.by)
    number = run.plan.stage[key]
    if any(run.plan.stage[one] < number for one in run.live):
        _set(run, key, StepState.TODO)
        return
    run.steps[key] = replace(step, rounds=0)
    _redo(run, key)


def abandon(run: Run, doer: Doer) -> None:
    """Let everything go that is still to be done: the Case goes by another process now."""
    for one in run.plan.steps:
        if run.steps[one.key].state in OPEN:
            _set(run, one.key, StepState.WAIVED, "kind_changed", doer.person)


def _step(run: Run, key: str) -> Step:
    if key not in run.steps:
        raise NotFound("case_step")
    return run.steps[key]


def _check(step: Step, what: StepMove, by: By) -> None:
    answer = move(step.state, what, by)
    if isinstance(answer, Refusal):
        raise answer


def _set(run: Run, key: str, state: StepState, why: str = "", done_by: UUID | None = None) -> None:
    was = run.steps[key]
    if was.state in LIVE and state not in LIVE:
        run.ended.append(key)
    run.steps[key] = replace(was, state=state, why=why, done_by=done_by)


def _joined(stage: Sequence[StepPlan], run: Run) -> bool:
    states = [run.steps[one.key].state for one in stage]
    if stage[0].join == "any" and StepState.DONE in states:
        return True
    return not any(one in OPEN for one in states)


def _go_on(run: Run, plan: StepPlan) -> None:
    """Go on after a step of a stage, once the stage is joined: where ``next`` says, else down."""
    number = run.plan.stage[plan.key]
    stage = run.plan.stages[number]
    if not _joined(stage, run):
        return
    for one in stage:
        if run.steps[one.key].state in OPEN:
            _set(run, one.key, StepState.WAIVED, "joined")
    target = next((way.to for way in plan.next if _true(run, way.program)), None)
    if target is None:
        _enter(run, number + 1)
    elif run.plan.stage[target] <= number:
        _redo(run, target)
    else:
        for between in run.plan.stages[number + 1 : run.plan.stage[target]]:
            for one in between:
                _pass_over(run, one.key, "skipped")
        _enter(run, run.plan.stage[target])


def _true(run: Run, program: cel.Program | None) -> bool:
    return program is None or run.ask(program) is True


def _pass_over(run: Run, key: str, why: str) -> None:
    if run.steps[key].state in OPEN:
        _set(run, key, StepState.WAIVED, why)


def _enter(run: Run, number: int) -> None:
    """Enter a stage; one nothing of which is wanted is passed over."""
    for stage in run.plan.stages[number:]:
        for one in stage:
            if run.steps[one.key].state is StepState.TODO:
                _admit(run, one)
        if run.closes:
            _end(run, "ended")
        if any(run.steps[one.key].state in LIVE for one in stage) or run.closes:
            return


def _admit(run: Run, plan: StepPlan) -> None:
    # A condition that fails lets the step be done: a person looks at it.
    if plan.entry is not None and run.ask(plan.entry) is False:
        _set(run, plan.key, StepState.WAIVED, "not_needed")
        return
    _activate(run, plan)


def _activate(run: Run, plan: StepPlan) -> None:
    was = run.steps[plan.key]
    if plan.kind is StepKind.CLOSE:
        run.steps[plan.key] = Step(plan.key, StepState.DONE, was.rounds + 1)
        run.closes = True
        return
    if was.rounds >= ROUNDS_MAX:
        run.steps[plan.key] = Step(plan.key, StepState.WAITING, was.rounds, STUCK)
        run.stuck.append(plan.key)
        return
    waits = plan.kind in WAITS | MACHINE
    state = StepState.WAITING if waits else StepState.ACTIVE
    why = plan.kind.value if waits else ""
    run.steps[plan.key] = Step(plan.key, state, was.rounds + 1, why)
    run.entered.append(plan.key)


def _redo(run: Run, key: str) -> None:
    """Do a step once more: everything after its stage is to be done again, its neighbours stay."""
    number = run.plan.stage[key]
    for stage in run.plan.stages[number + 1 :]:
        for one in stage:
            step = run.steps[one.key]
            if step.state is not StepState.TODO and step.why != "person":
                _set(run, one.key, StepState.TODO)
    if run.steps[key].state in LIVE:
        run.ended.append(key)
    _activate(run, run.plan.of(key))
    if run.closes:
        _end(run, "ended")


def _end(run: Run, why: str) -> None:
    for one in run.plan.steps:
        _pass_over(run, one.key, why)


# ── what conditions are asked about ─────────────────────────────────────────────────────────────


def asking(facts: Mapping[str, object]) -> Ask:
    """Return who answers conditions about these facts; the context is built at the first one."""
    built: list[cel.Context] = []

    def ask(program: cel.Program) -> bool | None:
        if not built:
            built.append(cel.Context(dict(facts)))
        return holds(program, built[0])

    return ask
