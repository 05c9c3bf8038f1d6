"""Role web: API, open lines and screens as one ASGI application; drains when it is told to stop."""

import asyncio
import contextlib
import gc
import hashlib
import ipaddress
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import structlog
import uvicorn
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

import polyphony
from polyphony.api import (
    application,
    brands,
    demo,
    elsewhere,
    envelope,
    files,
    health,
    pages,
    widget,
    widget_context,
)
from polyphony.api.desk import Desk
from polyphony.api.widget_quick import Quick
from polyphony.app import outside
from polyphony.app.home import NoDatabase
from polyphony.app.reader import RareReader
from polyphony.channels import registry
from polyphony.flows import attend
from polyphony.live.board import Boards
from polyphony.live.entry import House
from polyphony.live.fan import Fan
from polyphony.live.feed import Feed
from polyphony.live.fleeting import Fleeting
from polyphony.live.plain import Plain
from polyphony.live.staff import Rights, Staff
from polyphony.live.tv import Screens
from polyphony.live.vigil import Attend, Vigil
from polyphony.live.visitor import Visitors
from polyphony.live.wire import Wire
from polyphony.ports import Outside
from polyphony.settings import Settings
from polyphony.store import wake
from polyphony.store.database import Database, Limits, Session, Unavailable

STATIC = Path(polyphony.__file__).parent / "static"
BACKLOG = 2048
LAG_MAX_S = 10.0

Attending = Callable[[Session, Sequence[UUID], datetime], Awaitable[None]]

_log = structlog.stdlib.get_logger("polyphony.web")


@dataclass
class Web:
    """Everything of one web process, wired."""

    database: Database
    desk: Desk
    house: House
    vigil: Vigil
    visitors: Visitors
    plain: Plain
    boards: Boards
    screens: Screens
    app: ASGIApp

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Tail the log and watch over the lines; goodbye to everybody at the end."""
        tasks = [
            asyncio.create_task(self.house.feed.run()),
            asyncio.create_task(self.house.fleeting.run()),
            asyncio.create_task(wake.notify(self.database)),
        ]
        self.vigil.begin()
        self.visitors.begin()
        self.plain.begin()
        self.boards.begin()
        self.screens.begin()
        try:
            yield
        finally:
            await self.vigil.end()
            await self.visitors.end()
            await self.plain.end()
            await self.boards.end()
            await self.screens.end()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def own_origins(settings: Settings) -> frozenset[str]:
    """Return the origins of our own pages: what is typed into the browser, loopback's names."""
    address = urlsplit(settings.address)
    found = {f"{address.scheme}://{address.netloc}".lower()}
    if settings.host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        scheme = "https" if settings.tls_certificate else "http"
        found |= {
            f"{scheme}://{name}:{settings.port}" for name in ("127.0.0.1", "localhost", "[::1]")
        }
    return frozenset(found)


def build(settings: Settings, database: Database, world: Outside) -> Web:
    """Wire one web process; nothing runs yet."""
    origins = own_origins(settings)
    process = f"{socket.gethostname()}:{os.getpid()}:{settings.port}"
    house, rights = _house(settings, database, world, process)
    vigil = Vigil(
        house,
        rights,
        process,
        lost=_attend(database, attend.lose_line, world.now),
        back=_attend(database, attend.back, world.now),
    )
    visitors = Visitors(house, lambda: origins)
    desk = _desk(settings, world, house)
    meter = health.Meter()
    staff, screens = Staff(house), Screens(house)
    plain = Plain(house, staff.door(), _at_home(settings))
    chat = widget.Desk(
        widget_context.WidgetContext(
            database, world.files, world.keys, world.now, lambda: origins, house.fleeting.say
        )
    )
    beside = [
        WebSocketRoute("/v1/stream", staff.stream),
        *plain.routes(),
        WebSocketRoute("/v1/chat/stream", visitors.stream),
        WebSocketRoute("/v1/tv/stream", screens.stream),
        Route("/v1/chat/poll", visitors.poll),
        *widget.routes(chat),
        *health.routes(
            lambda: _checks(house, database), lambda: _figures(house, database), meter, _version()
        ),
        *files.routes(),
        *brands.routes(),
        *demo.routes(),
        *elsewhere.routes(origins),
        *pages.routes(STATIC, origins, _frames(desk)),
    ]
    app = application.build(desk, _release(), beside)
    headers = envelope.Headers(settings.address.startswith("https"))
    quick = Quick(envelope.Envelope(app, headers, meter.count), chat, meter.count)
    return Web(database, desk, house, vigil, visitors, plain, Boards(house), screens, quick)


def _house(
    settings: Settings, database: Database, world: Outside, process: str
) -> tuple[House, Rights]:
    """What all sockets share, and the rights of those who hold them."""
    fan = Fan()
    rights = Rights(database, fan)
    fleeting = Fleeting(database, fan, process)
    secure = settings.address.startswith("https")
    house = House(
        database,
        fan,
        Feed(database, fan, rights.changed, fleeting.heard),
        fleeting,
        world.now,
        _build_id(),
        own_origins(settings),
        "__Host-polyphony" if secure else "polyphony",
    )
    return house, rights


def _desk(settings: Settings, world: Outside, house: House) -> Desk:
    """What every handler of the API needs."""
    return Desk(
        house.database,
        world,
        own_origins(settings),
        house.cookie,
        settings.address.startswith("https"),
        _at_home(settings),
        house.build,
        manifests=registry.MANIFESTS,
        facts={"undo_s": 10, "offline": settings.offline, "demo": False},
        address=settings.address,
        vitals=lambda: _vitals(settings, house),
    )


def _vitals(settings: Settings, house: House) -> Mapping[str, float]:
    """What only this process sees: how far its screens are behind, how much room is left."""
    found = {"stream_lag": house.feed.lag.total_seconds()}
    with contextlib.suppress(OSError):
        folder = settings.files_path  # made with the first file
        there = next(one for one in (folder, *folder.parents) if one.exists())
        found["disk_free"] = float(shutil.disk_usage(there).free)
    return found


def _frames(desk: Desk) -> Sequence[str]:
    """On loopback the demo's customer side may stand beside the workspace, on a port of its own."""
    return ("http://127.0.0.1:*", "http://localhost:*") if desk.loopback else ()


def _version() -> Mapping[str, str]:
    return {
        "version": _release(),
        "build": _build_id(),
        "schema": "1",
        "polyphony_api": "1",
    }


def _release() -> str:
    try:
        return version("polyphony")
    except PackageNotFoundError:
        return "0.1.0"


def _build_id() -> str:
    """Name the screens that are served: a new build makes open ones offer a reload."""
    page = STATIC / "agent" / "index.html"
    content = page.read_bytes() if page.is_file() else b""
    return hashlib.sha256(_release().encode() + content).hexdigest()[:12]


def _at_home(settings: Settings) -> bool:
    """Tell whether only people on this very machine reach us: then a link is proof enough."""
    address = urlsplit(settings.address).hostname or ""
    return _loopback(settings.host) and _loopback(address) and not settings.trusted_proxies


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _checks(house: House, database: Database) -> Mapping[str, bool]:
    """Say what must be true to take requests; answered within two seconds."""
    reachable = False
    with contextlib.suppress(Unavailable, TimeoutError):
        async with asyncio.timeout(1.8), database.reads() as session:
            await session.execute("SELECT 1")
            reachable = True
    return {
        "database": reachable,
        "stream": house.feed.alive and house.feed.lag.total_seconds() < LAG_MAX_S,
        "not_draining": not house.draining,
    }


def _figures(house: House, database: Database) -> Mapping[str, float]:
    pool = {f"db_{name}": float(value) for name, value in database.figures().items()}
    return {
        "log_lag_seconds": house.feed.lag.total_seconds(),
        **_stream_figures(house),
        **pool,
    }


def _stream_figures(house: House) -> Mapping[str, float]:
    fan = house.fan
    ages = sorted(fan.ages)
    found = {
        "stream_connections": float(len(fan.lines)),
        "stream_age_seconds_count": float(len(ages)),
    }
    if ages:
        for name, part in (("0.5", 0.5), ("0.99", 0.99)):
            found[f'stream_age_seconds{{quantile="{name}"}}'] = ages[int(part * (len(ages) - 1))]
    return found | {f"stream_{name}": float(count) for name, count in fan.tally.items()}


def _attend(database: Database, flow: Attending, now: Callable[[], datetime]) -> Attend:
    """Bind a flow of presence to a transaction of its own."""

    async def tell(agents: list[UUID]) -> None:
        async with database.transaction() as session:
            await flow(session, agents, now())

    return tell


class Server(uvicorn.Server):
    """Serves until it is told to stop; signals are heard by the role, not here."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever plays this role."""
        yield


def config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Return how the application is served."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="off",
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=20,
        ws=Wire,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )


async def run(settings: Settings) -> None:
    """Serve until cancelled; then say goodbye, finish what runs, close."""
    if settings.database_url is None:
        raise NoDatabase("POLYPHONY_DATABASE_URL is not set")
    database = Database(
        settings.database_url,
        direct_url=settings.database_direct_url,
        size=settings.database_pool,
        limits=Limits(statement=5_000),
        name="polyphony web",
    )
    async with database:
        await serve(settings, build(settings, database, outside.build(settings, RareReader())))


async def serve(settings: Settings, web: Web) -> None:
    """Bind, run everything of one web process, drain at the end."""
    listening = await asyncio.to_thread(_bind, settings)
    server = Server(config(web.app, settings))
    gc.collect()
    gc.freeze()  # routes and schemas stay: looking through them again would halt every line
    gc.set_threshold(20_000, 20, 20)
    async with web.running():
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        _log.info("listening", address=settings.address)
        try:
            await asyncio.shield(serving)
        finally:
            web.house.draining = True
            await web.vigil.end()
            server.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await serving


def _bind(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    # Lines inherit it. asyncio sets it only where the protocol is named, which here it is not; and
    # without it an answer in two pieces waits 40 ms for the other end to say that it has the first.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
