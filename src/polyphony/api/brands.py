"""Brands: name, colour, picture, sender and signature under which we write; logos are public."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.routing import Route

from polyphony.api.configuration import MaybeName, Name, Signature, added, changed, given, listed
from polyphony.api.counter import BARE, CHANNELS, Counter
from polyphony.api.desk import Desk, In, Now, answer
from polyphony.api.files import given_file
from polyphony.api.paging import etag, version_wanted
from polyphony.domain.brand import LOGO_MAX, picture_kind
from polyphony.domain.errors import Invalid
from polyphony.flows import configure
from polyphony.store import files
from polyphony.store.brands import has_logo
from polyphony.store.configuration import BRAND

router = APIRouter(prefix="/v1", route_class=Counter, tags=["configuration"])

Colour = Annotated[str, Field(pattern="^#[0-9a-f]{6}$")]


class BrandIn(In):
    """A brand; ``signature`` per language may hold variables, ``footer`` stands below mails."""

    name: str = Name
    colour: Colour = "#3d5a80"
    sender_name: str = Field("", max_length=200, pattern=r"^[^\r\n]*$")
    signature: Signature = Field(default_factory=dict)
    footer: str = Field("", max_length=4000)


class BrandChange(In):
    """Changes of a brand."""

    name: str | None = MaybeName
    colour: Colour | None = None
    sender_name: str | None = Field(None, max_length=200, pattern=r"^[^\r\n]*$")
    signature: Signature | None = None
    footer: str | None = Field(None, max_length=4000)


@router.get("/brands", name="brands.list")
async def brands(call: Now) -> Response:
    """Return all brands."""
    return await listed(call, BRAND)


@router.post("/brands", name="brands.add", status_code=201, openapi_extra=CHANNELS)
async def add_brand(call: Now, body: BrandIn) -> Response:
    """Add a brand."""
    return await added(call, BRAND, body)


@router.patch("/brands/{id}", name="brands.change", openapi_extra=CHANNELS)
async def change_brand(
    call: Now,
    request: Request,
    id: UUID,  # noqa: A002 - the name of the path
    body: BrandChange,
) -> Response:
    """Change a brand."""
    return await changed(call, request, BRAND, id, given(body))


@router.delete("/brands/{id}", name="brands.remove", status_code=204, openapi_extra=CHANNELS)
async def remove_brand(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Remove a brand no account uses."""
    await configure.remove(call.session, BRAND, id, version_wanted(request), call.actor)
    return answer()


@router.put("/brands/{id}/logo", name="brands.set_logo", openapi_extra=CHANNELS | BARE)
async def set_logo(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Keep a picture (PNG, JPEG, WebP, GIF; 512 KiB) as the logo: multipart or raw bytes."""
    await call.session.commit()  # writing to the disk must not hold a transaction
    data, _, _ = await given_file(request)
    if len(data) > LOGO_MAX:
        raise Invalid("file.too_large", {"limit": LOGO_MAX})
    if picture_kind(data) is None:
        raise Invalid("file.refused", {"why": "no picture"})
    sha256 = await call.desk.outside.files.put(data)
    await files.know(call.session, [(sha256, len(data))], call.at)
    told = await configure.change(
        call.session, BRAND, id, {"logo_sha256": sha256}, version_wanted(request), call.actor
    )
    return answer(told, headers={"ETag": etag(told["version"])})


@router.delete("/brands/{id}/logo", name="brands.drop_logo", openapi_extra=CHANNELS)
async def drop_logo(call: Now, request: Request, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Take the logo away."""
    return await changed(call, request, BRAND, id, {"logo_sha256": None})


async def _logo(request: Request) -> Response:
    """Answer with a logo to anybody: it stands in mails and widgets; only logos open like this."""
    desk: Desk = request.app.state.desk
    sha256 = str(request.path_params["sha256"])
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise HTTPException(404)
    async with desk.database.reads() as session:
        known = await has_logo(session, sha256)
    if not known:
        raise HTTPException(404)
    data = await desk.outside.files.get(sha256)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=picture_kind(data) or "image/png", headers=headers)


def routes() -> list[Route]:
    """Return the route of logos, which needs no cookie."""
    return [Route("/content/logos/{sha256}", _logo)]
