"""Knowledge: snippets, articles and macros: seen by who may use them, kept by whose they are."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from polyphony.api.configuration import given
from polyphony.api.counter import KEYED, Counter
from polyphony.api.desk import Call, In, Json, Now, answer
from polyphony.api.matters import case_now
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.channel import ChannelName
from polyphony.domain.errors import Invalid
from polyphony.domain.macro import STEPS_MAX, acts
from polyphony.domain.permission import Act
from polyphony.flows import publish
from polyphony.flows.publish import Keeper
from polyphony.flows.run_macro import Run, run_macro
from polyphony.store import feed, knowledge, projections
from polyphony.store.configuration import Noun
from polyphony.store.knowledge import ARTICLE, MACRO, SNIPPET

router = APIRouter(prefix="/v1", route_class=Counter, tags=["knowledge"])

Scope = Literal["personal", "department", "all"]
Language = Literal["en", "cs", "pl", "ru"]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\r\n]*\S[^\r\n]*$")]
Shortcut = Annotated[str, Field(pattern=r"^[^\s/]{1,40}$")]
Title = Annotated[str, Field(max_length=300)]
Body = Annotated[str, Field(max_length=20_000)]
Link = Annotated[str, Field(max_length=2000, pattern=r"^(https?://[^\s<>\"]+)?$")]


class SnippetChange(In):
    """Changes of a snippet; bodies per language, with variables."""

    shortcut: Shortcut | None = None
    name: Name | None = None
    scope: Scope | None = None
    department_id: UUID | None = None
    bodies: dict[Language, Body] | None = None
    channels: list[ChannelName] | None = Field(None, max_length=10)


class SnippetIn(SnippetChange):
    """A new snippet; personal unless another scope is named."""

    shortcut: Shortcut
    name: Name
    scope: Scope = "personal"
    bodies: dict[Language, Body]


class ArticleChange(In):
    """Changes of an article; ``url`` is where customers read it."""

    scope: Scope | None = None
    department_id: UUID | None = None
    titles: dict[Language, Title] | None = None
    bodies: dict[Language, Body] | None = None
    url: Link | None = None


class ArticleIn(ArticleChange):
    """A new article."""

    scope: Scope = "all"
    titles: dict[Language, Title]
    bodies: dict[Language, Body]


class MacroChange(In):
    """Changes of a macro; ``steps`` in the order they are taken."""

    name: Name | None = None
    scope: Scope | None = None
    department_id: UUID | None = None
    steps: list[dict[str, object]] | None = Field(None, max_length=STEPS_MAX)


class MacroIn(MacroChange):
    """A new macro; personal unless another scope is named."""

    name: Name
    scope: Scope = "personal"
    steps: list[dict[str, object]] = Field(max_length=STEPS_MAX)


class RunIn(In):
    """The last item the caller has seen: an answer stops when somebody was faster."""

    expected_last_item: int = Field(ge=0, le=2**62)


async def _added(call: Call, noun: Noun, body: In) -> Response:
    id_ = call.key()
    call.entity = (noun.name, id_)
    values = body.model_dump(exclude_none=True)
    told = await publish.add(call.session, noun, id_, values, Keeper(call.scope, call.actor))
    return answer(told, 201, {"ETag": etag(told["version"])})


async def _changed(call: Call, request: Request, noun: Noun, id_: UUID, body: In) -> Response:
    values: Json = {name: one for name, one in given(body).items() if one is not None}
    call.facts["fields"] = sorted(values)
    told = await publish.change(
        call.session, noun, id_, values, version_wanted(request), Keeper(call.scope, call.actor)
    )
    return answer(told, headers={"ETag": etag(told["version"])})


async def _removed(call: Call, noun: Noun, id_: UUID) -> Response:
    call.entity = (noun.name, id_)
    await publish.remove(call.session, noun, id_, Keeper(call.scope, call.actor))
    return answer(None)


@router.get("/snippets", name="snippets.list")
async def snippets(call: Now) -> Response:
    """Return the snippets the caller may use, his own first."""
    return answer({"items": await knowledge.usable(call.session, SNIPPET, call.scope)})


@router.post("/snippets", name="snippets.add", status_code=201)
async def add_snippet(call: Now, body: SnippetIn) -> Response:
    """Add a snippet: one's own, one's department's (its lead), everybody's (administrator)."""
    return await _added(call, SNIPPET, body)


@router.patch("/snippets/{id}", name="snippets.change")
async def change_snippet(call: Now, request: Request, id: UUID, body: SnippetChange) -> Response:  # noqa: A002 - the name of the path
    """Change a snippet."""
    return await _changed(call, request, SNIPPET, id, body)


@router.delete("/snippets/{id}", name="snippets.remove", status_code=204)
async def remove_snippet(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a snippet away."""
    return await _removed(call, SNIPPET, id)


@router.get("/articles", name="articles.list")
async def articles(
    call: Now,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Return articles the caller may use; ``q`` is looked for in titles and bodies."""
    words = q.strip()
    if words:
        return answer({"items": await knowledge.articles(call.session, call.scope, words, limit)})
    return answer({"items": await knowledge.usable(call.session, ARTICLE, call.scope, limit)})


@router.post("/articles", name="articles.add", status_code=201)
async def add_article(call: Now, body: ArticleIn) -> Response:
    """Add an article."""
    return await _added(call, ARTICLE, body)


@router.patch("/articles/{id}", name="articles.change")
async def change_article(call: Now, request: Request, id: UUID, body: ArticleChange) -> Response:  # noqa: A002 - the name of the path
    """Change an article."""
    return await _changed(call, request, ARTICLE, id, body)


@router.delete("/articles/{id}", name="articles.remove", status_code=204)
async def remove_article(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take an article away."""
    return await _removed(call, ARTICLE, id)


@router.get("/macros", name="macros.list")
async def macros(call: Now) -> Response:
    """Return the macros the caller may use, his own first."""
    return answer({"items": await knowledge.usable(call.session, MACRO, call.scope)})


@router.post("/macros", name="macros.add", status_code=201)
async def add_macro(call: Now, body: MacroIn) -> Response:
    """Add a macro."""
    return await _added(call, MACRO, body)


@router.patch("/macros/{id}", name="macros.change")
async def change_macro(call: Now, request: Request, id: UUID, body: MacroChange) -> Response:  # noqa: A002 - the name of the path
    """Change a macro."""
    return await _changed(call, request, MACRO, id, body)


@router.delete("/macros/{id}", name="macros.remove", status_code=204)
async def remove_macro(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take a macro away."""
    return await _removed(call, MACRO, id)


@router.post("/cases/{id}/macros/{macro}", name="macros.run", openapi_extra=KEYED)
async def run(call: Now, id: UUID, macro: UUID, body: RunIn) -> Response:  # noqa: A002 - the name of the path
    """Run a macro on a Case: all its steps or, when one is refused, none."""
    await call.may(Act.WRITE, id)
    steps = await publish.macro_of(call.session, macro, call.scope)
    for act in sorted(acts(steps) - {Act.WRITE}):
        await call.may(act, id)
    if call.cid is None:
        raise Invalid("idempotency.key_needed", {"header": "Idempotency-Key"})
    call.entity = ("case", id)
    call.facts["macro"] = str(macro)
    wish = Run(id, steps, call.cid, body.expected_last_item)
    ran = await run_macro(call.session, wish, call.staff, call.at, call.desk.outside)
    written = await projections.messages(call.session, ran.messages)
    told = {
        "case": await case_now(call, id),
        "messages": [feed.with_links(written[one]) for one in ran.messages],
        "work_items": [*(await projections.work_items(call.session, ran.work_items)).values()],
    }
    return answer(told)
