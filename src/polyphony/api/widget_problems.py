"""Widget problems: a refusal as problem+json for a page of somebody else, in four languages."""
# ruff: noqa: RUF001 - Russian is one of the four languages

from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response

from polyphony.domain.chat import language
from polyphony.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Refusal,
)

_CLASSES: tuple[tuple[type[Refusal], str, int], ...] = (
    (Invalid, "invalid", 422),
    (NotAuthenticated, "not-authenticated", 401),
    (Forbidden, "forbidden", 403),
    (NotFound, "not-found", 404),
    (Conflict, "conflict", 409),
    (RateLimited, "rate-limited", 429),
)

_TITLES: Mapping[str, tuple[str, str, str, str]] = {
    "invalid": ("This cannot be accepted", "Toto nelze přijmout", "Nie można tego przyjąć",
                "Это нельзя принять"),
    "not-authenticated": ("Proof of identity is missing or wrong",
                          "Chybí doklad totožnosti, nebo není správný",
                          "Brak potwierdzenia tożsamości lub jest błędne",
                          "Нет подтверждения личности или оно неверно"),
    "forbidden": ("This is not allowed", "To není dovoleno", "To niedozwolone",
                  "Это не разрешено"),
    "not-found": ("There is no such thing", "Nic takového neexistuje", "Nie ma czegoś takiego",
                  "Такого нет"),
    "conflict": ("Something changed meanwhile", "Mezitím se něco změnilo",
                 "W międzyczasie coś się zmieniło", "За это время что-то изменилось"),
    "rate-limited": ("Too often, try again later", "Příliš často, zkuste to později",
                     "Zbyt często, spróbuj później", "Слишком часто, попробуйте позже"),
    "too-large": ("This is too large", "To je příliš velké", "To jest za duże",
                  "Слишком большой размер"),
    "timeout": ("It took too long", "Trvalo to příliš dlouho", "Trwało to zbyt długo",
                "Это заняло слишком много времени"),
    "database-unavailable": ("Please try again in a moment", "Zkuste to prosím za chvíli znovu",
                             "Spróbuj ponownie za chwilę", "Повторите попытку чуть позже"),
}  # fmt: skip
_COLUMN = {"en": 0, "cs": 1, "pl": 2, "ru": 3}


def refused(request: Request, refusal: Refusal) -> Response:
    """Answer a refusal with its class, code and facts."""
    for kind, slug, status in _CLASSES:
        if isinstance(refusal, kind):
            return problem(request, slug, status, refusal.code, refusal.facts)
    return problem(request, "invalid", 422, refusal.code, refusal.facts)


def problem(
    request: Request,
    slug: str,
    status: int,
    code: str,
    facts: Mapping[str, object] | None = None,
) -> Response:
    """Answer with a problem; ``after_s`` among the facts becomes Retry-After (seconds)."""
    column = _COLUMN[_wanted(request)]
    body = {
        **(facts or {}),
        "type": f"/docs/problems/{slug}",
        "title": _TITLES[slug][column],
        "status": status,
        "instance": request.url.path,
        "code": code,
    }
    headers = {"Cache-Control": "no-store"}
    if facts and "after_s" in facts:
        headers["Retry-After"] = str(facts["after_s"])
    return Response(
        orjson.dumps(body, default=str), status, headers, media_type="application/problem+json"
    )


def _wanted(request: Request) -> str:
    for part in request.headers.get("accept-language", "").split(",")[:10]:
        if found := language(part.strip()):
            return found
    return "en"
