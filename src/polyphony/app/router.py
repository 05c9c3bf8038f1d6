"""Role router: one elected owner decides who is offered what, one counts; others stand by."""

import asyncio
import os
import socket

from polyphony.app import clock
from polyphony.app.home import NoDatabase
from polyphony.jobs import board, router
from polyphony.settings import Settings
from polyphony.store import wake
from polyphony.store.database import Database


async def run(settings: Settings) -> None:
    """Route until cancelled; raise NoDatabase when no database is named."""
    if settings.database_url is None:
        raise NoDatabase
    name = f"{socket.gethostname()}:{os.getpid()}"
    async with Database(
        settings.database_url,
        direct_url=settings.database_direct_url,
        size=6,
        name="polyphony router",
    ) as database:
        beside = [
            asyncio.create_task(wake.notify(database)),
            asyncio.create_task(board.run(database, clock.now)),
        ]
        try:
            await router.run(database, clock.now, name)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
