"""Errors: refusals and accidents → problem+json; the only place that knows HTTP status codes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from polyphony.domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Refusal,
)
from polyphony.store.database import Unavailable

LANGUAGES = ("en", "cs", "pl", "ru")
_TEXTS = json.loads((files("polyphony.api") / "problems.json").read_text(encoding="utf-8"))
PROBLEMS: Mapping[str, Mapping[str, object]] = _TEXTS["problems"]
CODES: Mapping[str, Mapping[str, str]] = _TEXTS["codes"]

_BY_CODE = {
    "case.moved_on": "case-moved-on",
    "offer.settled": "offer-settled",
    "idempotency.in_flight": "idempotency-in-flight",
    "idempotency.mismatch": "idempotency-mismatch",
    "precondition.failed": "precondition-failed",
    "precondition.required": "precondition-required",
    "case.version": "precondition-failed",
    "cursor.malformed": "cursor-expired",
    "body.too_large": "too-large",
    "file.too_large": "too-large",
    "file.refused": "file-refused",
    "body.unreadable": "malformed",
    "body.too_slow": "too-slow",
}
_BY_CLASS: Sequence[tuple[type[Refusal], str]] = (
    (NotAuthenticated, "not-authenticated"),
    (Forbidden, "forbidden"),
    (NotFound, "not-found"),
    (RateLimited, "rate-limited"),
    (Conflict, "conflict"),
    (Invalid, "invalid"),
)
_BY_STATUS = {
    400: "malformed",
    401: "not-authenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "too-slow",
    413: "too-large",
    415: "unsupported-type",
    422: "invalid",
    429: "rate-limited",
    503: "database-unavailable",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem answer before it is worded."""

    slug: str
    code: str
    facts: Mapping[str, object]
    headers: Mapping[str, str]

    @property
    def status(self) -> int:
        """Return the HTTP status of the slug."""
        return int(str(PROBLEMS[self.slug]["status"]))


def language_of(header: str | None) -> str:
    """Return the best of our languages for an Accept-Language header, else English."""
    best, weight = "en", 0.0
    for part in (header or "")[:200].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            q = float(quality) if quality else 1.0
        except ValueError:
            q = 0.0
        found = tag.split("-")[0].lower()
        if found in LANGUAGES and q > weight:
            best, weight = found, q
    return best


def of_refusal(refusal: Refusal) -> Problem:
    """Translate a refusal of the house."""
    slug = _BY_CODE.get(refusal.code)
    if slug is None:
        slug = next(slug for kind, slug in _BY_CLASS if isinstance(refusal, kind))
    headers = {}
    after = refusal.facts.get("after_s")
    if after is not None:
        headers["Retry-After"] = str(after)
    if "etag" in refusal.facts:
        headers["ETag"] = str(refusal.facts["etag"])
    return Problem(slug, refusal.code, refusal.facts, headers)


def of_validation(error: RequestValidationError) -> Problem:
    """Translate what the schema found; values are never echoed."""
    found = [
        {
            "pointer": "/" + "/".join(str(part) for part in one["loc"]),
            "code": one["type"],
            "detail": one["msg"],
        }
        for one in error.errors()
    ]
    slug = "malformed" if any(one["code"] == "json_invalid" for one in found) else "invalid"
    return Problem(slug, "body.not_valid", {"errors": found[:50]}, {})


def of_http(error: HTTPException) -> Problem:
    """Translate what the framework refuses by itself."""
    slug = _BY_STATUS.get(error.status_code, "internal" if error.status_code > 499 else "malformed")
    return Problem(slug, f"http.{error.status_code}", {}, dict(error.headers or {}))


UNAVAILABLE = Problem("database-unavailable", "database.unavailable", {}, {"Retry-After": "1"})
INTERNAL = Problem("internal", "internal", {}, {})


def body_of(problem: Problem, language: str, request_id: str) -> bytes:
    """Word a problem."""
    known = PROBLEMS[problem.slug]
    title, detail = known["title"], known["detail"]
    worded = CODES.get(problem.code, detail)
    if not isinstance(title, dict) or not isinstance(
        worded, dict
    ):  # pragma: no cover - our own file
        raise TypeError
    facts = {key: value for key, value in problem.facts.items() if key != "etag"}
    told = {
        **facts,
        "type": f"/docs/problems/{problem.slug}",
        "title": title[language],
        "status": problem.status,
        "detail": worded[language],
        "instance": request_id,
        "code": problem.code,
    }
    return orjson.dumps(told, option=orjson.OPT_UTC_Z, default=str)


def respond(request: Request, problem: Problem) -> Response:
    """Answer with a problem."""
    language = language_of(request.headers.get("accept-language"))
    return Response(
        body_of(problem, language, getattr(request.state, "request_id", "")),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=dict(problem.headers) | {"Content-Language": language},
    )


def problem_of(error: Exception) -> Problem:
    """Return the problem of any exception; what is none of ours is a bug."""
    match error:
        case Refusal():
            return of_refusal(error)
        case RequestValidationError():
            return of_validation(error)
        case HTTPException():
            return of_http(error)
        case Unavailable():
            return UNAVAILABLE
    return INTERNAL


async def handle(request: Request, error: Exception) -> Response:
    """Answer for the exceptions the application registers."""
    return respond(request, problem_of(error))


def as_markdown(slug: str) -> str:
    """Return the documentation page of a problem; docs/problems holds exactly this."""
    known = PROBLEMS[slug]
    title, detail = known["title"], known["detail"]
    if not isinstance(title, dict) or not isinstance(detail, dict):  # pragma: no cover - our file
        raise TypeError
    words = "\n".join(f"| {one} | {title[one]} | {detail[one]} |" for one in LANGUAGES)
    return (
        f"# {slug} ({known['status']})\n\n{title['en']}. {detail['en']}\n\n"
        f"## Cause\n\n{known['cause']}\n\n## What to do\n\n{known['todo']}\n\n"
        f"## Repeat the request?\n\n{known['retry']}\n\n"
        f"## What people read\n\n| | title | detail |\n|---|---|---|\n{words}\n"
    )
