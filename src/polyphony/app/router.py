"""Role router: one elected owner decides who is offered what; others stand by."""

import asyncio
import os
import socket

from polyphony.app import clock
from polyphony.app.home import NoDatabase
from polyphony.jobs import router
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
        notifier = asyncio.create_task(wake.notify(database))
        try:
            await router.run(database, clock.now, name)
        finally:
            notifier.cancel()
            await asyncio.gather(notifier, return_exceptions=True)
