"""The story clock: how fast the pretended world runs, whether it stands still, jumps ahead."""

import asyncio


class Pace:
    """A clock of story seconds; speed and pause may change, and it may jump, while somebody sleeps.

    Timers of the product stay real: only the pretended world hurries.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._paused = False
        self._story_s = 0.0
        self._since: float | None = None
        self._changed = asyncio.Event()
        self._acts: list[float] = []

    @property
    def speed(self) -> float:
        """Story seconds in one real second."""
        return self._speed

    @property
    def paused(self) -> bool:
        """Whether the world stands still."""
        return self._paused

    def now(self) -> float:
        """Return the story seconds since the world began."""
        real = asyncio.get_running_loop().time()
        if self._since is not None and not self._paused:
            self._story_s += (real - self._since) * self._speed
        self._since = real
        return self._story_s

    def set(self, *, speed: float, paused: bool) -> None:
        """Change the pace; whoever sleeps goes on with the rest of his time at the new speed."""
        if (speed, paused) == (self._speed, self._paused):
            return
        self.now()
        self._speed, self._paused = max(0.1, min(60.0, speed)), paused
        self._wake()

    def next_act_s(self) -> float | None:
        """Return how many story seconds away the next act is; None when none waits."""
        return max(0.0, min(self._acts) - self.now()) if self._acts else None

    def jump(self) -> float:
        """Go on where the next act begins; return the story seconds that were left out."""
        left_out = self.next_act_s() or 0.0
        self._story_s += left_out
        self._wake()
        return left_out

    async def sleep(self, story_s: float, *, act: bool = False) -> None:
        """Wait this many story seconds; with ``act`` a jump may end the wait."""
        end = self.now() + story_s
        if act:
            self._acts.append(end)
        try:
            while (left := end - self.now()) > 1e-6:
                changed = self._changed
                wait = None if self._paused else left / self._speed
                try:
                    await asyncio.wait_for(changed.wait(), wait)
                except TimeoutError:
                    continue
        finally:
            if act:
                self._acts.remove(end)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
