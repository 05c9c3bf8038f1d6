"""The configuration as a file over HTTP: written out, compared, taken in; its history, reverts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from polyphony.api.counter import BARE, CONFIGURE, Counter
from polyphony.api.desk import In, Now, answer
from polyphony.flows.config_file import pictures
from polyphony.flows.config_file.apply import apply, diff
from polyphony.flows.config_file.export import present
from polyphony.flows.config_file.revert import revert
from polyphony.flows.config_file.text import Faulty, read, write
from polyphony.store import changes

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])


class FileIn(In):
    """A configuration file."""

    text: str = Field(max_length=900_000)


class HistoryIn(In):
    """Which changes."""

    noun: str | None = Field(None, max_length=40)
    entity: UUID | None = None
    before: int | None = Field(None, ge=1)
    limit: int = Field(50, ge=1, le=200)


@router.get("/config", name="config.export", openapi_extra=CONFIGURE)
async def export(call: Now) -> Response:
    """Return the configuration as YAML, by names, without secrets."""
    file = (await present(call.session)).file
    await call.session.commit()  # reading from the disk must not hold a transaction
    text = write(await pictures.drawn(file, call.desk.outside.files))
    return Response(text, media_type="application/yaml; charset=utf-8")


@router.post("/config/diff", name="config.diff", openapi_extra=CONFIGURE)
async def compare(call: Now, body: FileIn) -> Response:
    """Tell what taking a file in would change, or what is wrong with it; nothing is changed.

    It is tried for real and taken back, so names that stand for nothing are told too.
    """
    try:
        found = read(body.text)
        told = await diff(call.session, found)
        async with call.session.transaction(force_rollback=True):
            await apply(call.session, found, call.at, call.actor)
    except Faulty as faulty:
        return answer({"changes": [], **faulty.facts})
    return answer({"changes": [one.told() for one in told], "faults": []})


@router.post("/config/apply", name="config.apply", openapi_extra=CONFIGURE | BARE)
async def take_in(call: Now, body: FileIn) -> Response:
    """Take a file in, all or nothing; 422 with ``faults`` and their lines when it cannot be.

    A repeat changes nothing: the file says how things are, not what to do.
    """
    found = read(body.text)
    await call.session.commit()  # writing to the disk must not hold a transaction
    await pictures.keep(found.file, call.desk.outside.files)
    told = await apply(call.session, found, call.at, call.actor)
    call.facts["changes"] = len(told)
    return answer({"changes": [one.told() for one in told]})


@router.get("/config/history", name="config.history", openapi_extra=CONFIGURE)
async def history(call: Now, asked: Annotated[HistoryIn, Query()]) -> Response:
    """Return who changed what, newest first, with the states before and after."""
    found = await changes.page(
        call.session,
        noun=asked.noun,
        entity=asked.entity,
        before=asked.before,
        limit=asked.limit + 1,
    )
    page = found[: asked.limit]
    following = page[-1].no if len(found) > asked.limit else None
    items = [
        {
            **{name: getattr(one, name) for name in ("id", "no", "at", "batch", "how", "by_id")},
            **{name: getattr(one, name) for name in ("by_name", "noun", "entity_id", "name")},
            "op": "add" if one.before is None else "remove" if one.after is None else "change",
            "fields": [
                {
                    "name": name,
                    "before": (one.before or {}).get(name),
                    "after": (one.after or {}).get(name),
                }
                for name in changes.differ(one.before, one.after)
            ],
        }
        for one in page
    ]
    return answer({"items": items, "next_before": following})


@router.post("/config/history/{id}/revert", name="config.revert", openapi_extra=CONFIGURE)
async def take_back(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take one change back; 409 when the same has been changed since."""
    found = await revert(call.session, id, call.actor, call.at)
    call.entity = ("config_change", id)
    return answer({"id": found.id, "noun": found.noun, "name": found.name})
