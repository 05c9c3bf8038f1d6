"""Work nobody wrote to us: a step of a Case, or a promise to call back."""

from uuid import UUID

from psycopg.types.json import Jsonb
from tests.make.callback import callback
from tests.make.moment import AT, new_id

from polyphony.domain.capacity import cost_of
from polyphony.store.database import Session


async def case_step(session: Session, case: UUID, queue: UUID) -> UUID:
    """Make a kind with a process of one step, which the Case has come to."""
    kind, process, made = new_id(), new_id(), new_id()
    plan = [{"key": "look", "title": "Look", "kind": "work", "queue": str(queue)}]
    await session.execute(
        "INSERT INTO case_kind (id, key) VALUES (%s, %s)", [kind, f"k{kind.hex[-12:]}"]
    )
    await session.execute(
        "INSERT INTO process (id, kind_id, no, state, steps, at)"
        " VALUES (%s, %s, 1, 'published', %s, %s)",
        [process, kind, Jsonb(plan), AT],
    )
    await session.execute(
        "INSERT INTO case_step (id, case_id, run_id, process_id, key, title, kind, state,"
        " state_since, position, queue_id, rounds)"
        " VALUES (%s, %s, %s, %s, 'look', 'Look', 'work', 'active', %s, 0, %s, 1)",
        [made, case, new_id(), process, AT, queue],
    )
    return made


async def step(
    session: Session,
    case: UUID,
    queue: UUID,
    *,
    kind: str = "case_step",
    agent: UUID | None = None,
) -> UUID:
    """It waits in the Queue; ``agent`` puts it into his work."""
    made, cost = new_id(), cost_of(kind)
    make = case_step if kind == "case_step" else callback
    about = await make(session, case, queue)
    column = "step_id" if kind == "case_step" else "callback_id"
    await session.execute(
        f"INSERT INTO work_item (id, kind, {column}, case_id, queue_id, channel_kind, state,"
        " state_since, units, exclusive, target_ms, waiting_since, agent_id, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 57600000, %s, %s, %s)",
        [
            *(made, kind, about, case, queue, kind, "in_work" if agent else "waiting", AT),
            *(cost.units, cost.exclusive, AT, agent, AT),
        ],
    )
    if agent:
        await session.execute(
            "UPDATE agent_load SET routed_units = routed_units + %s, exclusive_live ="
            " exclusive_live + %s WHERE agent_id = %s",
            [cost.units, int(cost.exclusive), agent],
        )
        return made
    await session.execute(
        "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at) VALUES (%s, %s, %s, %s)",
        [new_id(), made, queue, AT],
    )
    return made
