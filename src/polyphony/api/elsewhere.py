"""Elsewhere: a link and its picture by which a customer goes on with a Case; the page it opens."""

import base64
import hashlib
import html
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from polyphony.api.counter import WORKER, Counter
from polyphony.api.desk import Now, answer
from polyphony.api.errors import language_of
from polyphony.api.qr import drawing
from polyphony.domain.permission import Act
from polyphony.flows import elsewhere

router = APIRouter(prefix="/v1", route_class=Counter, tags=["cases"])

_KEY: Final = re.compile(r"[\w.:-]{1,200}", re.ASCII)
_WORDS: Final = {
    "en": ("Go on with your request", "Your conversation opens on this page."),
    "cs": ("Pokračujte ve svém požadavku", "Váš rozhovor se otevře na této stránce."),
    "pl": ("Kontynuuj swoją sprawę", "Twoja rozmowa otworzy się na tej stronie."),
    "ru": ("Продолжите своё обращение", "Ваш разговор откроется на этой странице."),
}

_STYLE: Final = (
    ":root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;"
    "font:1rem/1.5 system-ui,sans-serif}main{padding:2rem;max-width:32rem;text-align:center}"
    "h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25}p{margin:0;opacity:.75}"
)
_STYLED: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


@router.post("/cases/{id}/elsewhere", name="cases.elsewhere", status_code=201, openapi_extra=WORKER)
async def hand_out(call: Now, id: UUID) -> Response:  # noqa: A002 - the name of the path
    """Make a link by which the customer goes on with this Case in a chat; shown once, used once."""
    await call.may(Act.WRITE, id)
    made = await elsewhere.hand_out(call.session, id, call.staff, call.at)
    call.entity = ("case", id)
    # Behind the # no server, log or scanner of mails ever sees the token.
    url = f"{call.desk.address}/h/{quote(made.account.address)}#polyphony={made.token}"
    told = {"url": url, "qr": drawing(url), "expires_at": made.until, "account": made.account.name}
    return answer(told, 201)


def routes(origins: Collection[str]) -> list[Route]:
    """Return the page a link opens: the widget and two lines of text, nothing of the matter."""
    sockets = " ".join(sorted(one.replace("http", "ws", 1) for one in origins if "[" not in one))
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'sha256-{_STYLED}';"
        " img-src 'self' blob: data:;"
        f" connect-src 'self' {sockets}; frame-ancestors 'none'; base-uri 'none';"
        " form-action 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }

    async def page(request: Request) -> Response:
        key = request.path_params["key"]
        if not _KEY.fullmatch(key):
            raise HTTPException(404)
        language = language_of(request.headers.get("accept-language"))
        title, hint = _WORDS[language]
        return HTMLResponse(
            f"<!doctype html><html lang={language}><meta charset=utf-8><title>{title}</title>"
            '<meta name=viewport content="width=device-width,initial-scale=1">'
            f"<style>{_STYLE}</style><body><main><h1>{title}</h1><p>{hint}</p></main>"
            f'<script async src="/w.js" data-key="{html.escape(key)}"></script></body></html>',
            headers=headers,
        )

    return [Route("/h/{key}", page)]
