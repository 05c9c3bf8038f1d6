"""Runs one role (or all of them) in this process until it is asked to stop, then drains."""

import asyncio
import contextlib
import importlib
import importlib.util
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence

import structlog
import uvloop

from polyphony.app import logs
from polyphony.settings import Settings

Run = Callable[[Settings], Awaitable[None]]

DRAIN_S = 30.0
ROLES = ("web", "worker", "router")

_log = structlog.stdlib.get_logger("polyphony.roles")


class RoleMissing(Exception):
    """This build holds no such role; the text says which."""


def known(roles: Sequence[str]) -> None:
    """Raise RoleMissing when this build lacks one of the roles; imports none of them."""
    for role in roles:
        if importlib.util.find_spec(f"polyphony.app.{role}") is None:
            raise RoleMissing(f"this installation has no role '{role}'")


def program(role: str) -> Run:
    """Import one role and return its ``run``; nothing of the other roles is loaded."""
    known([role])
    module = importlib.import_module(f"polyphony.app.{role}")
    run: Run = module.run
    return run


def play(
    roles: Sequence[str],
    settings: Settings,
    *,
    watched: bool = False,
    beside: Sequence[Run] = (),
) -> int:
    """Run the roles until SIGTERM, SIGINT or, when ``watched``, until our parent is gone.

    What runs ``beside`` them (greeting, care of the database) may end earlier than they do.

    Returns the exit code: 0 after an orderly end, 3 when draining took longer than 30 s. A
    second signal ends the process at once.
    """
    logs.configure(settings.log_level, "+".join(roles))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        programs = [program(role) for role in roles]
        return runner.run(_play([*programs, *beside], settings, watched=watched))


async def _play(programs: Sequence[Run], settings: Settings, *, watched: bool) -> int:
    stop = asyncio.Event()
    _listen(stop, watched=watched)
    running = asyncio.ensure_future(_together(programs, settings))
    waiting = asyncio.ensure_future(stop.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.done():
        running.result()
        return 0
    _log.info("draining")
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        done, _ = await asyncio.wait({running}, timeout=DRAIN_S)
        if not done:
            _log.error("draining took too long")
            os._exit(3)
        if not running.cancelled():
            running.result()
    return 0


async def _together(programs: Sequence[Run], settings: Settings) -> None:
    async with asyncio.TaskGroup() as group:
        for run in programs:
            group.create_task(_as_coroutine(run, settings))


async def _as_coroutine(run: Run, settings: Settings) -> None:
    await run(settings)


def _listen(stop: asyncio.Event, *, watched: bool) -> None:
    loop = asyncio.get_running_loop()

    def asked() -> None:
        if stop.is_set():
            os._exit(130)  # the second wish is not a wish any more
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
    if watched:
        threading.Thread(target=_watch, args=(loop, stop), daemon=True).start()


def _watch(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Standard input is a pipe of our supervisor: its end means that he is gone."""
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)
