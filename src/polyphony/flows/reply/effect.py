"""Effect: what an answer that really leaves does to its Case, its targets and its work."""

from polyphony.domain.case import CaseMove, CaseState
from polyphony.domain.move import By
from polyphony.domain.reply import Then
from polyphony.flows.carry_out import Matter, Staff
from polyphony.store.cases import CaseRow
from polyphony.store.interactions import InteractionRow

BACK = {
    CaseState.WAIT_CUSTOMER: CaseMove.RESUME,
    CaseState.WAIT_THIRD_PARTY: CaseMove.RESUME,
    CaseState.SOLVED: CaseMove.REOPEN,
}


def take_effect(
    matter: Matter, case: CaseRow, strip: InteractionRow, then: Then, staff: Staff
) -> None:
    """The customer is answered: meet the targets, move the Case as ``then`` says, end the work."""
    matter.clocks.answered(case.id, matter.at)
    strip.last_out_at = matter.at
    strip.first_human_reply_at = strip.first_human_reply_at or matter.at
    matter.changed_strips.add(strip.id)
    state = CaseState(case.state)
    if then is Then.OPEN:
        matter.holders[strip.id] = staff.id
    if _stays(state, then):
        if then is Then.WAIT_CUSTOMER:
            matter.calm(strip)
        return
    roles = (*staff.roles(matter.of(case.id)), By.SYSTEM)
    if state in BACK and not (then is Then.SOLVE and state is not CaseState.SOLVED):
        matter.move(case, BACK[state], roles)
    if then is Then.WAIT_CUSTOMER:
        matter.calm(strip)
        if not _others_at_work(matter, case, strip):
            matter.move(case, CaseMove.ASK, roles)
    elif then is Then.SOLVE:
        _solve(matter, case, strip, roles)


def _solve(matter: Matter, case: CaseRow, strip: InteractionRow, roles: tuple[By, ...]) -> None:
    """Solve the Case; where steps came in the meantime the matter goes on with them."""
    if matter.steps_of(case.id):
        matter.calm(strip)
    else:
        matter.move(case, CaseMove.SOLVE, roles)


def _stays(state: CaseState, then: Then) -> bool:
    """Tell whether the Case already is where the answer would bring it."""
    return (state, then) in {
        (CaseState.OPEN, Then.OPEN),
        (CaseState.WAIT_CUSTOMER, Then.WAIT_CUSTOMER),
        (CaseState.SOLVED, Then.SOLVE),
    } or state in {CaseState.CLOSED, CaseState.MERGED, CaseState.DISCARDED}


def _others_at_work(matter: Matter, case: CaseRow, strip: InteractionRow) -> bool:
    """Tell whether another Interaction of the Case still waits for us, or a step is to do."""
    return any(one.state == "active" for one in matter.steps_of(case.id)) or any(
        one.id != strip.id and one.state in {"waiting", "with_agent"} for one in matter.of(case.id)
    )
