"""A Case with one Interaction, one Message of the customer and, when wanted, its WorkItem."""

from dataclasses import dataclass
from uuid import UUID

from tests.make.customer import Customer
from tests.make.department import Department
from tests.make.moment import AT, new_id

from polyphony.store.database import Session


@dataclass(frozen=True)
class Case:
    id: UUID
    interaction: UUID
    message: UUID
    position: int
    work_item: UUID | None


async def case(
    session: Session,
    department: Department,
    account: UUID,
    customer: Customer,
    *,
    state: str = "open",
    channel: str = "email",
    text: str = "Where is my parcel?",
    queue: UUID | None = None,
    agent: UUID | None = None,
    thread_key: str = "",
    provider_key: str = "",
    visibility: str = "open",
) -> Case:
    """``queue`` adds a waiting WorkItem, ``agent`` puts it into his work."""
    found = await session.execute("SELECT nextval('message_position_seq')")
    position = (await found.fetchone())[0]
    made = Case(new_id(), new_id(), new_id(), position, new_id() if queue or agent else None)
    await session.execute(
        "INSERT INTO case_ (id, reference, record_id, department_id, title, preview, state,"
        " state_since, opened_via, opened_at, last_item, last_customer, last_at, visibility,"
        " owner_id) VALUES (%s, lpad((nextval('case_reference_seq') + 9000000000)::text, 10, '0'),"
        " %s, %s, 'Parcel', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(made.id, customer.record, department.id, text, state, AT, channel, AT),
            *(position, position, AT, visibility, agent),
        ],
    )
    await session.execute(
        "INSERT INTO interaction (id, case_id, channel_kind, account_id, identity_id, record_id,"
        " thread_key, mode, state, subject, opened_at, last_in_at, agent_id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'Parcel', %s, %s, %s)",
        [
            *(made.interaction, made.id, channel, account, customer.identity, customer.record),
            *(thread_key, "live" if channel == "chat" else "async"),
            *("with_agent" if agent else "waiting" if queue else "quiet", AT, AT, agent),
        ],
    )
    await session.execute(
        "INSERT INTO participant (case_id, identity_id, how, at) VALUES (%s, %s, 'opened', %s)",
        [made.id, customer.identity, AT],
    )
    await session.execute(
        "INSERT INTO message (id, interaction_id, position, kind, author_kind, author_name,"
        " identity_id, provider_key, text, subject, at)"
        " VALUES (%s, %s, %s, 'in', 'customer', 'Petr', %s, %s, %s, 'Parcel', %s)",
        [made.message, made.interaction, position, customer.identity, provider_key, text, AT],
    )
    if made.work_item:
        await _work(session, made, channel, queue or department.triage, agent)
    return made


async def _work(
    session: Session, made: Case, channel: str, queue: UUID, agent: UUID | None
) -> None:
    units = 33 if channel == "chat" else 50
    await session.execute(
        "INSERT INTO work_item (id, interaction_id, queue_id, channel_kind, state, state_since,"
        " units, target_ms, waiting_since, agent_id, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 14400000, %s, %s, %s)",
        [
            *(made.work_item, made.interaction, queue, channel),
            *("in_work" if agent else "waiting", AT, units, AT, agent, AT),
        ],
    )
    if agent:
        await session.execute(
            "UPDATE agent_load SET routed_units = routed_units + %s WHERE agent_id = %s",
            [units, agent],
        )
        return
    await session.execute(
        "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at) VALUES (%s, %s, %s, %s)",
        [new_id(), made.work_item, queue, AT],
    )
