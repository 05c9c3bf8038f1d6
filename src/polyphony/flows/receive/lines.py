"""Lines: what customers said, as screens will see it, from the facts at hand.

The twin of two projections of ``store.projections`` for rows nobody else can have touched yet: a
test compares both.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import orjson

from polyphony.domain.event import NewEvent, Op
from polyphony.flows.receive.world import World
from polyphony.store.events import WHOLE_BYTES, Seen
from polyphony.store.interactions import InteractionRow
from polyphony.store.messages import FileRow, MessageRow


def drawn(world: World, cases: Collection[UUID]) -> list[MessageRow]:
    """Return what customers said in these Cases (nothing of it has a Delivery)."""
    return [
        one
        for one in world.messages
        if one.kind == "in" and world.interactions[one.interaction_id].case_id in cases
    ]


def told(world: World, by_case: Mapping[UUID, Seen]) -> list[NewEvent]:
    """Return the events of these lines: for us, and of a chat for the customer's own screen."""
    files: dict[UUID, list[FileRow]] = {}
    for file in world.files:
        files.setdefault(file.message_id, []).append(file)
    found = drawn(world, by_case)
    chats = [one for one in found if _strip_of(world, one).channel_kind == "chat"]
    return [
        *(_line(world, one, files.get(one.id, ()), by_case) for one in found),
        *(_own(world, one, files.get(one.id, ())) for one in chats),
    ]


def _strip_of(world: World, line: MessageRow) -> InteractionRow:
    return world.interactions[line.interaction_id]


def upsert(kind: str, what: tuple[str, UUID, UUID | None], seen: Seen, data: object) -> NewEvent:
    """Return the event of a new row: (type, id, Case), who is told, what he sees."""
    type_, id_, case = what
    big = kind == "message" and len(orjson.dumps(data)) > WHOLE_BYTES
    return NewEvent(
        type=type_,
        op=Op.TOUCH if big else Op.UPSERT,
        entity=kind,
        entity_id=id_,
        version=1,
        aud=seen[0],
        case_id=case,
        actor_kind="customer",
        payload=None if big else data,
        customer_id=seen[1],
    )


def _line(
    world: World, line: MessageRow, files: Sequence[FileRow], seen: Mapping[UUID, Seen]
) -> NewEvent:
    case = world.interactions[line.interaction_id].case_id
    data = {
        "id": line.id,
        "version": 1,
        "case_id": case,
        "interaction_id": line.interaction_id,
        "position": line.position,
        "kind": line.kind,
        "author": {"kind": line.author_kind, "id": line.author_id, "name": line.author_name},
        "text": line.text,
        "text_full": line.text_full,
        "has_html": line.html is not None,
        "subject": line.subject,
        "language": line.language,
        "automated": line.automated,
        "defects": line.defects,
        "facts": line.facts,
        "at": line.at,
        "sent_at": line.sent_at,
        "cid": line.cid,
        "delivery": None,
        "files": [
            {
                "id": one.id,
                "name": one.name,
                "media_type": one.media_type,
                "size": one.size,
                "inline": one.inline,
                "cid": one.cid,
                "url": None,
            }
            for one in files
        ],
        "arrival_id": line.arrival_id,
    }
    return upsert("message", ("message.received", line.id, case), seen[case], data)


def _own(world: World, line: MessageRow, files: Sequence[FileRow]) -> NewEvent:
    """What the customer's own screen is told of his line: it arrived."""
    data = {
        "id": line.id,
        "position": line.position,
        "case_id": _strip_of(world, line).case_id,
        "from": "me",
        "name": "",
        "text": line.text,
        "files": [
            {"id": one.id, "name": one.name, "media_type": one.media_type, "size": one.size}
            for one in files
        ],
        "cid": line.cid or line.provider_key.rpartition(":")[2],
        "code": None,
        "at": line.at,
        "state": "delivered",
    }
    seen = ((f"cust:{_strip_of(world, line).identity_id}",), None)
    return upsert("chat_message", ("chat_message.changed", line.id, None), seen, data)
