"""`polyphony up`: lock, database, migrations, children, sign-in link, drain."""

import asyncio
import contextlib
import os
import signal
import ssl
import sys
from collections.abc import Callable, Sequence

from polyphony.app import children, clock, home, port, roles
from polyphony.app.children import Child
from polyphony.app.console import Console, show
from polyphony.app.postgres import Postgres
from polyphony.settings import Settings
from polyphony.store.database import Database

Say = Callable[[str], None]

LOOK_S = 0.5
ROTATE_S = 60.0
LOOPBACK = "127.0.0.0/8"


def run(settings: Settings, say: Say, *, extra: Sequence[str] = ()) -> int:
    """Run everything until SIGINT or SIGTERM; ``extra`` roles start last (the demo).

    Returns 0 after an orderly end. Raises HomeBusy, PortTaken, PostgresFailed, KeepsDying: each
    text says what to do.
    """
    with home.locked(settings.home):
        port.check(settings)
        port.check_mail(settings)
        roles.known((*roles.ROLES, *extra))
        postgres = None if settings.database_url else home.supervisor(settings, say)
        try:
            if postgres is not None:
                postgres.start()
            prepared = _with_demo(home.prepare(settings, postgres, say), extra)
            if settings.single:
                return _single(prepared, postgres, say, extra)
            return asyncio.run(_Supervision(prepared, postgres, say, extra).run())
        finally:
            if postgres is not None:
                say("stopping the database")
                postgres.stop()


def _with_demo(settings: Settings, extra: Sequence[str]) -> Settings:
    """The pretended provider of the demo lives on this machine: our doors may reach it."""
    if "demo" not in extra:
        return settings
    return settings.model_copy(update={"egress_allow": (*settings.egress_allow, LOOPBACK)})


def _single(settings: Settings, postgres: Postgres | None, say: Say, extra: Sequence[str]) -> int:
    async def greet(prepared: Settings) -> None:
        await _greet(prepared, say, extra)
        if postgres is not None:
            await _look_after(postgres, say)

    return roles.play((*roles.ROLES, *extra), settings, beside=(greet,))


class _Supervision:
    """One run of `up`: its children, its database, and the wish to stop."""

    def __init__(
        self, settings: Settings, postgres: Postgres | None, say: Say, extra: Sequence[str]
    ) -> None:
        self._settings = settings
        self._postgres = postgres
        self._say = say
        self._stop = asyncio.Event()
        self._extra = extra
        self._console = Console(settings.home)
        self._children = [self._child(role) for role in (*roles.ROLES, *extra)]

    def _child(self, role: str) -> Child:
        environment = {
            **os.environ,
            "POLYPHONY_HOME": str(self._settings.home),
            "POLYPHONY_DATABASE_URL": self._settings.database_url or "",
            "POLYPHONY_MIGRATE": "0",
            "POLYPHONY_EGRESS_ALLOW": ",".join(self._settings.egress_allow),
            "PYTHONUNBUFFERED": "1",
        }
        if "demo" in self._extra:  # pretended customers: their matters may stay on this machine
            environment.setdefault("POLYPHONY_OFFLINE", "full")
        command = [sys.executable, "-m", "polyphony", "role", role, "--watched"]
        return Child(role, command, environment, self._say, self._console.line)

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._asked)
        running = [asyncio.create_task(child.run(), name=child.role) for child in self._children]
        beside = [asyncio.create_task(_greet(self._settings, self._say, self._extra))]
        if self._postgres is not None:
            beside.append(asyncio.create_task(_look_after(self._postgres, self._say)))
        stop = asyncio.create_task(self._stop.wait())
        try:
            await self._until_the_end([*running, *beside], stop)
        finally:
            stop.cancel()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, stop, return_exceptions=True)
            await children.drain(self._children, running)
            self._console.close()
        return 0

    async def _until_the_end(
        self, tasks: Sequence["asyncio.Task[None]"], stop: "asyncio.Task[bool]"
    ) -> None:
        """Wait for the wish to stop, or for the first failure, which is raised."""
        open_tasks = set(tasks)
        while not stop.done():
            done, _ = await asyncio.wait({*open_tasks, stop}, return_when=asyncio.FIRST_COMPLETED)
            for task in done & open_tasks:
                task.result()
            open_tasks -= done

    def _asked(self) -> None:
        if self._stop.is_set():
            for child in self._children:
                child.end()
            if self._postgres is not None:
                self._postgres.stop(now=True)
            os._exit(130)
        self._say("stopping (once more to break off)")
        self._stop.set()


async def _look_after(postgres: Postgres, say: Say) -> None:
    """Start the database again whenever its process ends; keep its log small."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ROTATE_S):
                await _end_of(postgres)
        if postgres.alive():
            await asyncio.to_thread(postgres.rotate_log)
        else:
            say("the database server ended; starting it again")
            await asyncio.to_thread(postgres.restart)


async def _end_of(postgres: Postgres) -> None:
    """Wait until the server's process has ended: the system tells, else we look."""
    try:
        handle = os.pidfd_open(postgres.pid)
    except (AttributeError, OSError):
        while postgres.alive():  # noqa: ASYNC110 - this system has no event for it
            await asyncio.sleep(LOOK_S)
        return
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)


async def _greet(settings: Settings, say: Say, extra: Sequence[str] = ()) -> None:
    """Say where we are once the web role is ready, with a link for the first person.

    The demo's company is founded first: whoever opens the link finds it complete.
    """
    while not await ready(settings):  # noqa: ASYNC110 - another process has no event for us
        await asyncio.sleep(0.1)
    if "demo" in extra:
        await _founded(settings)
    link = await _first_link(settings)
    if link:
        say(f"Polyphony is ready. Your link for the next 15 minutes: {link}")
        show(link)
    else:
        say(f"Polyphony is ready: {settings.address}")


async def _founded(settings: Settings) -> None:
    from polyphony.store import demo  # noqa: PLC0415 - only the demo needs it

    async with Database(settings.database_url or "", size=2) as database:
        for _ in range(600):
            async with database.reads() as session:
                if await demo.state(session) is not None or await demo.was_removed(session):
                    return
            await asyncio.sleep(0.2)


async def _first_link(settings: Settings) -> str | None:
    from polyphony.flows import sign_in  # noqa: PLC0415 - only after the start is it needed

    async with (
        Database(settings.database_url or "", size=2) as database,
        database.transaction() as session,
    ):
        page = await sign_in.first_link(session, clock.now())
    return None if page is None else f"{settings.address}/{page}"


async def ready(settings: Settings) -> bool:
    """Ask our own web role whether it can work (GET /readyz answers 200)."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - asked on loopback
    context = ssl._create_unverified_context() if settings.tls_certificate else None  # noqa: S323, SLF001 - our own port
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(host, settings.port, ssl=context)
            try:
                writer.write(
                    b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                line = await reader.readline()
                return line.split(b" ")[1:2] == [b"200"]
            finally:
                writer.close()
    return False
