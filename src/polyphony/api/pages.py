"""Pages: the built screens and the widget's files as they are; one page per problem."""

import html
import mimetypes
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from polyphony.api.errors import PROBLEMS, language_of

FOR_EVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"
_PAGE_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

_WORKER_CSP = "default-src 'none'; connect-src 'self'"
"""The worker fetches our own files and nothing else."""


def workspace_csp(origins: Collection[str], frames: Collection[str] = ()) -> str:
    """Return the policy of the workspace; sockets to our own origins only."""
    framed = " ".join(["'self'", *frames])
    # A policy has no words for IPv6 literals; there 'self' covers sockets in current browsers.
    named = [one for one in origins if "[" not in one]
    sockets = " ".join(sorted(one.replace("http", "ws", 1) for one in named))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "font-src 'self'; media-src 'self' blob:; "
        f"connect-src 'self' {sockets}; worker-src 'self'; manifest-src 'self'; "
        f"frame-src {framed}; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
        "require-trusted-types-for 'script'"
    )


def routes(static: Path, origins: Collection[str], frames: Collection[str]) -> list[Route]:
    """Return the routes of everything that is only read."""
    csp = workspace_csp(origins, frames)
    agent, widget = static / "agent", static / "widget"

    async def screen(_: Request) -> Response:
        page = agent / "index.html"
        if not page.is_file():
            return HTMLResponse(_unbuilt(), 503, {"Retry-After": "60"})
        headers = {"Content-Security-Policy": csp, "Cache-Control": "no-cache"}
        return FileResponse(page, headers=headers)

    async def asset(request: Request) -> Response:
        return _file(agent / "assets", request.path_params["path"], FOR_EVER)

    async def icon(request: Request) -> Response:
        return _file(agent, request.url.path.lstrip("/"), SHORT)

    async def loader(request: Request) -> Response:
        return _packed(request, widget, PurePosixPath(request.url.path).name, SHORT)

    async def piece(request: Request) -> Response:
        path = request.path_params["path"]
        kept = path.startswith(("assets/", "parts/"))
        return _packed(request, widget, path, FOR_EVER if kept else SHORT)

    async def up(_: Request) -> Response:
        return RedirectResponse("/", 308)

    return [
        Route("/", screen),
        Route("/tv/{token}", screen),
        Route("/index.html", up),
        Route("/assets/{path:path}", asset),
        Route("/favicon.ico", icon),
        Route("/favicon.svg", icon),
        Route("/manifest.webmanifest", icon),
        *_installed(agent),
        Route("/w.js", loader),
        Route("/packs/js/sdk.js", loader),
        Route("/widget/{path:path}", piece),
        Route("/docs/problems/{slug}", _problem),
        Route("/docs/problems", _problems),
    ]


def _installed(agent: Path) -> list[Route]:
    """Return what makes the workspace an application of its own: worker and icons."""

    async def worker(_: Request) -> Response:
        # Looked at anew each time: an old worker would keep an old shell.
        answer = _file(agent, "sw.js", "no-cache")
        answer.headers["Content-Security-Policy"] = _WORKER_CSP
        return answer

    async def picture(request: Request) -> Response:
        return _file(agent / "icons", request.path_params["path"], SHORT)

    return [Route("/sw.js", worker), Route("/icons/{path:path}", picture)]


def _file(root: Path, path: str, cache: str, *, foreign: bool = False) -> Response:
    """Answer with a file below the root; nothing outside of it exists."""
    parts = PurePosixPath(path).parts
    found = root.joinpath(*parts)
    if (
        not parts
        or any(p in ("..", "/") or p.startswith(".") for p in parts)
        or not found.is_file()
    ):
        raise HTTPException(404)
    headers = {"Cache-Control": cache}
    if foreign:
        headers |= {
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }
    media = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return FileResponse(found, media_type=media, headers=headers)


def _packed(request: Request, root: Path, path: str, cache: str) -> Response:
    """Answer with a widget's file for any page, as the build packed it when the browser can."""
    plain = _file(root, path, cache, foreign=True)
    plain.headers["Vary"] = "Accept-Encoding"
    packed = root.joinpath(f"{path}.gz")
    if "gzip" not in request.headers.get("accept-encoding", "") or not packed.is_file():
        return plain
    headers = {name: plain.headers[name] for name in _OF_FILE}
    return FileResponse(
        packed, media_type=plain.media_type, headers={**headers, "Content-Encoding": "gzip"}
    )


_OF_FILE = (
    "Cache-Control",
    "Cross-Origin-Resource-Policy",
    "Access-Control-Allow-Origin",
    "Vary",
)


def _unbuilt() -> str:
    return (
        "<!doctype html><meta charset=utf-8><title>Polyphony</title>"
        "<p>The screens are not built yet: run <code>make setup</code>, then reload.</p>"
    )


def _text(slug: str, field: str, language: str) -> str:
    worded = PROBLEMS[slug][field]
    return html.escape(str(worded[language] if isinstance(worded, dict) else worded))


async def _problem(request: Request) -> Response:
    slug = request.path_params["slug"]
    if slug not in PROBLEMS:
        raise HTTPException(404)
    language = language_of(request.headers.get("accept-language"))
    title, detail = _text(slug, "title", language), _text(slug, "detail", language)
    page = (
        f"<!doctype html><html lang={language}><meta charset=utf-8><title>{title}</title>"
        f"<h1>{title}</h1><p><code>{slug}</code> · {_text(slug, 'status', language)}</p>"
        f"<p>{detail}</p><h2>Cause</h2><p lang=en>{_text(slug, 'cause', language)}</p>"
        f"<h2>What to do</h2><p lang=en>{_text(slug, 'todo', language)}</p>"
        f"<h2>Repeat the request?</h2><p lang=en>{_text(slug, 'retry', language)}</p>"
    )
    headers = {"Content-Language": language, "Content-Security-Policy": _PAGE_CSP}
    return HTMLResponse(page, headers=headers)


async def _problems(_: Request) -> Response:
    links = "".join(f'<li><a href="/docs/problems/{slug}">{slug}</a>' for slug in PROBLEMS)
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Problems</title><ul>{links}</ul>"
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _PAGE_CSP})
