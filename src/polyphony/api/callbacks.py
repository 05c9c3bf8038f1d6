"""Callbacks: an agent says what came of calling somebody who left the line."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from polyphony.api.counter import WORKER, Counter
from polyphony.api.desk import In, Now, answer
from polyphony.api.matters import case_now
from polyphony.domain.errors import Forbidden, NotFound
from polyphony.flows import call_attempt
from polyphony.store import callbacks, inbox

router = APIRouter(prefix="/v1", route_class=Counter, tags=["work"])


class AttemptIn(In):
    """What came of it; ``disposition`` where the queue demands one of work that is done."""

    outcome: Literal["reached", "busy", "no_answer", "wrong_number"]
    disposition: str | None = None


@router.post("/callbacks/{id}/attempts", name="callbacks.attempt", openapi_extra=WORKER)
async def attempt(call: Now, id: UUID, body: AttemptIn) -> Response:  # noqa: A002 - the name of the path
    """Say what came of calling: nobody reached is tried again, three times in all."""
    found = await callbacks.by_id(call.session, id)
    if found is None or found.case_id not in await inbox.visible(
        call.session, call.scope, [found.case_id]
    ):
        raise NotFound("callback")
    if found.work_agent is not None and found.work_agent != call.me:
        raise Forbidden("work_item.not_yours", {"by": found.work_agent})
    call.facts["outcome"] = body.outcome
    said = call_attempt.Said(body.outcome, body.disposition)
    done = await call_attempt.attempt(call.session, id, said, call.actor, call.at)
    case = await case_now(call, done.case_id)
    return answer({"case": case, "no": done.no, "next_at": done.next_at})
