"""Doors: the ways back to a customer as the composer shows them: ranked, limited, explained."""

from collections.abc import Iterable
from uuid import UUID

from polyphony.api.desk import Call, Json
from polyphony.domain.channel import Capabilities, ChannelKind
from polyphony.domain.door import Judged, rank
from polyphony.domain.reply import TEXT_MAX
from polyphony.flows.reply import way_of
from polyphony.flows.reply.words import Author, signature
from polyphony.store import doors
from polyphony.store.doors import DoorRow


async def ways(call: Call, case: Json, work: Iterable[Json]) -> list[Json]:
    """Return every way to answer a Case, the best first; a shut one says why in a code."""
    id_ = UUID(str(case["id"]))
    rows = await doors.of_case(call.session, id_)
    live = [one for one in work if one["state"] not in ("done", "cancelled")]
    queue = UUID(str(live[0]["queue_id"])) if live else None
    signatures: dict[UUID, str] = {}
    author = Author(id_, call.me, call.at)
    for account in {one.account_id for one in rows if one.channel_kind == ChannelKind.EMAIL.value}:
        languages = (str(case["language"] or ""),)
        signatures[account] = await signature(call.session, author, account, queue, languages)
    return [
        _told(call, rows[number], judged) | {"signature": signatures.get(rows[number].account_id)}
        for number, judged in rank([way_of(one) for one in rows])
    ]


def _told(call: Call, row: DoorRow, judged: Judged) -> Json:
    channel = call.desk.outside.channels.get(ChannelKind(row.channel_kind))
    can = channel.manifest.capabilities if channel is not None else Capabilities()
    own = row.settings.get("undo_s")
    return {
        "interaction_id": row.interaction_id if row.state != "ended" else None,
        "channel_kind": row.channel_kind,
        "account_id": row.account_id,
        "account": row.account,
        "identity_id": row.identity_id,
        "address": row.address,
        "last_in_at": row.last_in_at,
        "allowed": judged.allowed,
        "why": judged.why,
        "undo_s": own if isinstance(own, int) else (channel.manifest.undo_s if channel else 10),
        "limits": {
            "text_max": can.text_max or TEXT_MAX,
            "file_max_bytes": can.file_max_bytes,
            "files": can.files_per_message,
            "html": can.format == "html",
        },
    }
