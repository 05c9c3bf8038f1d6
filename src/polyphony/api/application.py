"""Application: all routes of the desk as one FastAPI application, described by OpenAPI."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from polyphony.api import (
    accounts,
    agents,
    boards,
    bootstrap,
    brands,
    bulk,
    call_out,
    callbacks,
    cases,
    config,
    configuration,
    console,
    customer_notes,
    customers,
    demo,
    drafts,
    elsewhere,
    errors,
    event_rules,
    files,
    guide,
    handling,
    kinds,
    knowledge,
    levers,
    log,
    matches,
    matters,
    me,
    notices,
    people,
    promises,
    queues,
    replies,
    roles,
    routing,
    rules,
    search,
    sign_ins,
    statuses,
    steps,
    targets,
    views,
    vitals,
    work,
)
from polyphony.api.desk import Desk
from polyphony.domain.errors import Refusal
from polyphony.store.database import Unavailable

ROUTERS = (
    sign_ins.router,
    bootstrap.router,
    me.router,
    cases.router,
    matters.router,
    steps.router,
    views.router,
    bulk.router,
    notices.router,
    handling.router,
    replies.router,
    drafts.router,
    elsewhere.router,
    agents.router,
    statuses.router,
    work.router,
    callbacks.router,
    matches.router,
    customers.router,
    search.router,
    customer_notes.router,
    files.router,
    knowledge.router,
    people.router,
    roles.router,
    configuration.router,
    queues.router,
    call_out.router,
    targets.router,
    promises.router,
    routing.router,
    boards.router,
    levers.router,
    console.router,
    brands.router,
    rules.router,
    kinds.router,
    event_rules.router,
    config.router,
    guide.router,
    accounts.router,
    log.router,
    vitals.router,
    demo.router,
)

PROBLEM: Mapping[str, object] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def _together() -> APIRouter:
    """All routers, each with the answer that every operation may give: a problem."""
    problem = {
        "description": "A problem (RFC 9457); the pages are at /docs/problems",
        "content": {"application/problem+json": {"schema": PROBLEM}},
    }
    together = APIRouter(responses={"default": problem}, redirect_slashes=False)
    for router in ROUTERS:
        together.include_router(router)
    return together


_TOGETHER = _together()
"""Made once: the first request to an included router builds its routes, a third of a second."""


def build(desk: Desk, version: str, beside: Sequence[BaseRoute] = ()) -> FastAPI:
    """Return the application; ``beside`` are bare routes (intake, sockets, files, pages)."""
    app = FastAPI(
        title="Polyphony",
        version=version,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            Refusal: errors.handle,
            RequestValidationError: errors.handle,
            HTTPException: errors.handle,
            Unavailable: errors.handle,
            Exception: errors.handle,
        },
    )
    app.state.desk = desk
    app.router.routes.extend([*_TOGETHER.routes, *beside])
    return app
