"""The story clock: how fast the pretended world runs, and whether it stands still."""

import asyncio


class Pace:
    """Sleeps in story seconds; speed and pause may change while somebody sleeps."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._paused = False
        self._changed = asyncio.Event()

    @property
    def speed(self) -> float:
        """Story seconds in one real second."""
        return self._speed

    @property
    def paused(self) -> bool:
        """Whether the world stands still."""
        return self._paused

    def set(self, *, speed: float, paused: bool) -> None:
        """Change the pace; whoever sleeps goes on with the rest of his time at the new speed."""
        if (speed, paused) == (self._speed, self._paused):
            return
        self._speed, self._paused = max(0.1, min(60.0, speed)), paused
        self._changed.set()
        self._changed = asyncio.Event()

    async def sleep(self, story_s: float) -> None:
        """Wait this many story seconds."""
        loop = asyncio.get_running_loop()
        left = story_s
        while left > 0:
            changed, speed, began = self._changed, self._speed, loop.time()
            paused = self._paused
            try:
                await asyncio.wait_for(changed.wait(), None if paused else left / speed)
            except TimeoutError:
                return
            if not paused:
                left -= (loop.time() - began) * speed
