"""Files: uploads, and the signed short-lived links by which files and mail bodies are opened."""

import base64
import binascii
import html
import re
from datetime import timedelta
from urllib.parse import quote, unquote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from polyphony.api.counter import BARE, LOOK, WORKER, Counter
from polyphony.api.desk import Call, Desk, Now, answer
from polyphony.domain.errors import Invalid, NotFound
from polyphony.store import content, dossier
from polyphony.store import files as store

LIFE = timedelta(minutes=10)
SIZE_MAX = 25 * 1024 * 1024
NAME_MAX = 200
_PURPOSE = "content-link"
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_CID = re.compile(r"""(<img\b[^>]*?\ssrc\s*=\s*["'])cid:([^"']{1,300})(["'])""", re.IGNORECASE)
_ODD = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069/\\]+")

router = APIRouter(prefix="/v1", route_class=Counter, tags=["files"])


@router.post("/files", name="files.upload", status_code=201, openapi_extra=WORKER | BARE)
async def upload(call: Now, request: Request) -> Response:
    """Keep a file for an answer still to be sent: multipart, or raw bytes with X-File-Name."""
    await call.session.commit()  # writing to the disk must not hold a transaction
    data, name, kind = await given_file(request)
    if not data:
        raise Invalid("file.refused", {"why": "empty"})
    if len(data) > SIZE_MAX:
        raise Invalid("file.too_large", {"limit": SIZE_MAX})
    sha256 = await call.desk.outside.files.put(data)
    kept = store.Upload(call.key(), f"person:{call.me}", sha256, clean_name(name), kind, len(data))
    await store.add_upload(call.session, kept, call.at)
    call.entity = ("upload", kept.id)
    told = {"id": kept.id, "name": kept.name, "media_type": kept.media_type, "size": kept.size}
    return answer(told, 201)


async def given_file(request: Request) -> tuple[bytes, str, str]:
    """Return bytes, name and media type of an upload: multipart, or raw bytes."""
    kind = request.headers.get("content-type", "application/octet-stream")
    if kind.startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=5) as form:
            for part in form.values():
                if isinstance(part, UploadFile):
                    return await part.read(), part.filename or "", _media(part.content_type or "")
        raise Invalid("file.refused", {"why": "no file"})
    return await request.body(), unquote(request.headers.get("x-file-name", "")), _media(kind)


def _media(given: str) -> str:
    media = given.split(";", maxsplit=1)[0].strip().lower()[:100]
    return (
        media if re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", media) else "application/octet-stream"
    )


def clean_name(name: str) -> str:
    """Return a label: no folders, no control or direction characters, bounded."""
    return _ODD.sub("_", name.replace("\\", "/").split("/")[-1]).strip(". ")[:NAME_MAX] or "file"


# ── links ───────────────────────────────────────────────────────────────────────────────────────


def link(desk: Desk, kind: str, id_: UUID) -> str:
    """Return a link that opens one thing for ten minutes, without a cookie."""
    until = int((desk.now() + LIFE).timestamp())
    mac = desk.outside.keys.mac(_PURPOSE, _signed(desk, kind, id_, until))[:20]
    return f"/content/{kind}/{id_}?t={until}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _signed(desk: Desk, kind: str, id_: UUID, until: int) -> str:
    return f"{desk.outside.keys.deployment}|{kind}|{id_}|{until}"


def _opened(request: Request, kind: str) -> UUID:
    """Check a link; what is late or forged opens nothing."""
    desk: Desk = request.app.state.desk
    until, _, mac = request.query_params.get("t", "").partition(".")
    try:
        id_ = UUID(request.path_params["id"])
        given = base64.urlsafe_b64decode(mac + "=" * (-len(mac) % 4))
    except (ValueError, binascii.Error) as broken:
        raise HTTPException(404) from broken
    good = until.isascii() and until.isdigit() and len(until) < 12
    if not good or int(until) < desk.now().timestamp() or len(given) != 20:
        raise HTTPException(404)
    if not desk.outside.keys.checks(_PURPOSE, _signed(desk, kind, id_, int(until)), given):
        raise HTTPException(404)
    return id_


@router.get("/files/{id}/content", name="files.open", openapi_extra=LOOK, status_code=303)
async def open_file(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Lead to a file of a Case the caller sees."""
    await _seen(call, "file", id)
    return RedirectResponse(link(call.desk, "files", id), 303)


@router.get("/messages/{id}/html", name="messages.html", openapi_extra=LOOK, status_code=303)
async def open_html(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Lead to the safe HTML of a mail, for a sandboxed frame."""
    await _seen(call, "message", id)
    return RedirectResponse(link(call.desk, "mail", id), 303)


async def _seen(call: Call, table: str, id_: UUID) -> None:
    if id_ not in await dossier.places(call.session, call.scope, table, [id_]):
        raise NotFound(table)


@router.get("/arrivals/{id}/raw", name="arrivals.raw", openapi_extra=LOOK)
async def raw(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Return the bytes as they came; of unread ones to who looks after their department."""
    found = await content.raw(call.session, id)
    if found is None:
        raise NotFound("arrival")
    if not (found.state == "quarantined" and content.handles(call.scope, found)):
        await _seen(call, "arrival", id)
    data = (
        found.body
        if found.body is not None
        else await call.desk.outside.files.get(found.sha256 or "")
    )
    headers = _attachment(f"{id}.eml") | {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


async def _file(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    id_ = _opened(request, "files")
    async with desk.database.reads() as session:
        found = await content.file(session, id_)
    if found is None:
        raise HTTPException(404)
    headers = _attachment(found.name) | {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    media = found.media_type if found.media_type in _PICTURES else "application/octet-stream"
    return Response(await desk.outside.files.get(found.sha256), media_type=media, headers=headers)


async def _mail(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    id_ = _opened(request, "mail")
    async with desk.database.reads() as session:
        found = await content.body(session, id_)
        pictures = {one.cid: one.id for one in await content.pictures(session, id_)}
    if found is None:
        raise HTTPException(404)
    shown = found.html or f"<pre>{html.escape(found.text)}</pre>"

    def picture(hit: re.Match[str]) -> str:
        known = pictures.get(html.unescape(hit[2]))
        return hit[1] + (link(desk, "files", known) if known else "about:blank") + hit[3]

    own = " ".join(sorted(desk.origins))
    policy = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        f"style-src 'unsafe-inline'; img-src {own} data:; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {own}"
    )
    page = '<!doctype html><meta charset="utf-8"><base target="_blank">' + _CID.sub(picture, shown)
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": policy})


def routes() -> list[Route]:
    """Return the routes that need no cookie, only a link."""
    return [Route("/content/files/{id}", _file), Route("/content/mail/{id}", _mail)]
