"""MicroBatch: many requests, one commit, answered after it; a poisonous one is found by halving."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from polyphony.domain.errors import RateLimited
from polyphony.store.database import Unavailable

I = TypeVar("I")  # noqa: E741 - the item of a batch
O = TypeVar("O")  # noqa: E741 - its outcome

Work = Callable[[Sequence[I]], Awaitable[Sequence[O]]]
"""Does a batch in one transaction: all of it or, when it raises, nothing; one outcome per item."""


class MicroBatch(Generic[I, O]):
    """Collects items for at most ``wait_s`` seconds or ``size`` items and does them together."""

    def __init__(
        self,
        work: Work[I, O],
        *,
        size: int = 200,
        wait_s: float = 0.002,
        parallel: int = 2,
        room: int = 10_000,
    ) -> None:
        """``parallel`` batches may be under way; more than ``room`` waiting items are refused."""
        self._work = work
        self._size, self._wait_s, self._room = size, wait_s, room
        self._gate = asyncio.Semaphore(parallel)
        self._waiting: list[tuple[I, asyncio.Future[O]]] = []
        self._full = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    async def add(self, item: I) -> O:
        """Do one item together with others; return after the commit, or raise what befell it."""
        if len(self._waiting) >= self._room:
            raise RateLimited("intake.full", {"after_s": 1})
        future: asyncio.Future[O] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._waiting) >= self._size:
            self._full.set()
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await future

    async def drain(self) -> None:
        """Wait until everything that was added has its answer."""
        while self._waiting or self._under_way:
            tasks = [*self._under_way, *([self._runner] if self._runner else [])]
            await asyncio.wait(tasks)

    async def _run(self) -> None:
        while self._waiting:
            await self._fill()
            await self._gate.acquire()
            part, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
            self._full.clear()
            task = asyncio.create_task(self._do_and_free(part))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _fill(self) -> None:
        if len(self._waiting) < self._size:
            try:
                await asyncio.wait_for(self._full.wait(), self._wait_s)
            except TimeoutError:
                return

    async def _do_and_free(self, part: Sequence[tuple[I, asyncio.Future[O]]]) -> None:
        try:
            await self._do(part)
        finally:
            self._gate.release()

    async def _do(self, part: Sequence[tuple[I, asyncio.Future[O]]]) -> None:
        try:
            outcomes = await self._work([item for item, _ in part])
        except Exception as error:  # noqa: BLE001 - every waiting request must hear of it
            await self._halve(part, error)
            return
        for (_, future), outcome in zip(part, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)

    async def _halve(self, part: Sequence[tuple[I, asyncio.Future[O]]], error: Exception) -> None:
        if len(part) == 1 or isinstance(error, Unavailable):
            for _, future in part:
                if not future.done():
                    future.set_exception(error)
            return
        middle = len(part) // 2
        await self._do(part[:middle])
        await self._do(part[middle:])
