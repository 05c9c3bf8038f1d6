"""The child processes of `up`: started, heard, restarted with back-off, drained in order."""

import asyncio
import contextlib
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence

STEPS_S = (1, 2, 4, 8, 16, 30)
DEATHS = 5
WITHIN_S = 60.0
DRAIN_S = 35.0
_LINES = 25


class KeepsDying(Exception):
    """The same child ended too often in a minute; the text holds its last lines."""


class Child:
    """One role in a process of its own; restarted until it is stopped or dies too often."""

    def __init__(
        self,
        role: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        say: Callable[[str], None],
        out: Callable[[str], None] = print,
    ) -> None:
        """Name the command; nothing runs yet. ``say`` hears of its deaths, ``out`` its lines."""
        self.role = role
        self._command = command
        self._environment = dict(environment)
        self._say = say
        self._out = out
        self._process: asyncio.subprocess.Process | None = None
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """The present process, None while there is none."""
        if self._process is None or self._process.returncode is not None:
            return None
        return self._process.pid

    async def run(self) -> None:
        """Keep the role running; raise KeepsDying after five deaths in a minute."""
        deaths: deque[float] = deque(maxlen=DEATHS)
        step = 0
        loop = asyncio.get_running_loop()
        while True:
            begin = loop.time()
            code = await self._once()
            if self._stopping:
                return
            deaths.append(loop.time())
            if len(deaths) == DEATHS and deaths[-1] - deaths[0] < WITHIN_S:
                last = "\n".join(self._lines)
                raise KeepsDying(
                    f"{self.role} ended {DEATHS} times in a minute; its last lines:\n{last}"
                )
            step = 0 if loop.time() - begin > WITHIN_S else min(step + 1, len(STEPS_S))
            pause = STEPS_S[max(0, step - 1)]
            self._say(f"{self.role} ended ({_reason(code)}); starting again in {pause} s")
            await asyncio.sleep(pause)

    async def _once(self) -> int:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,  # its end tells the child that we are gone
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._environment,
            start_new_session=True,
            limit=2**20,
        )
        try:
            await self._hear(self._process.stdout)
            return await self._process.wait()
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    async def _hear(self, stream: asyncio.StreamReader | None) -> None:
        while stream is not None:
            try:
                raw = await stream.readline()
            except ValueError:  # a line over the limit; the rest follows
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").rstrip("\n")
            self._lines.append(line)
            self._out(line)

    def ask_to_stop(self) -> None:
        """Send SIGTERM; the role drains and ends."""
        self._stopping = True
        self._signal(signal.SIGTERM)

    def end(self) -> None:
        """Kill what did not drain in time; its claims return by their leases."""
        self._stopping = True
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


async def drain(children: Sequence[Child], running: Sequence["asyncio.Task[None]"]) -> None:
    """Ask all to stop in the given order, wait up to 35 s, kill what is left."""
    for child in children:
        child.ask_to_stop()
    idle = [task for task, child in zip(running, children, strict=True) if not child.pid]
    for task in idle:
        task.cancel()
    if running:
        _, late = await asyncio.wait(running, timeout=DRAIN_S)
        for child, task in zip(children, running, strict=True):
            if task in late:
                child.end()
        await asyncio.wait(running, timeout=5)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _reason(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
