"""Record: what the owner of routing took in and decided, kept with the first commit of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from polyphony.domain.routing import canonical
from polyphony.domain.routing.canonical import Opening
from polyphony.domain.routing.decisions import Decision
from polyphony.domain.routing.digest import GENESIS, chain
from polyphony.domain.routing.facts import Input, Tick
from polyphony.store import journal
from polyphony.store.database import Session
from polyphony.store.journal import Cycle

_TICK = timedelta(microseconds=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Recorder:
    """The journal of one reign: steps in order, each once; some not written yet.

    A step that only let time pass and decided nothing is left out: what fell due in it falls due
    in the next as well. Other rules are put in force at the moment it had become, so before them
    it is written after all.
    """

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch
        self._at, self.digest = _NEVER, GENESIS
        self.no = 0
        self._pending: list[Cycle] = []
        self._left_out: Input | None = None
        self._policy = 0

    def follow(self, last: tuple[datetime, bytes] | None) -> None:
        """Go on behind the last step of all: its moment and its digest."""
        self._at, self.digest = last or (_NEVER, GENESIS)

    @property
    def pending(self) -> bool:
        """Tell whether steps wait to be written."""
        return bool(self._pending)

    def begin(
        self, policy: int, opening: Opening, decided: Sequence[Decision], at: datetime
    ) -> None:
        """Note what the state was built from; the chain goes on from before."""
        inputs = journal.written(canonical.write_opening(opening))
        self._left_out = None
        n = len(opening.items) + len(opening.agents)
        self._add("begin", policy, (inputs, n), decided, at)

    def step(
        self, policy: int, inputs: Sequence[Input], decided: Sequence[Decision], at: datetime
    ) -> None:
        """Note one step, unless nothing came of it but later."""
        if not decided and policy == self._policy and all(type(one) is Tick for one in inputs):
            self._left_out = inputs[-1] if inputs else self._left_out
            return
        if policy != self._policy and self._left_out is not None:
            self._take(self._policy, [self._left_out], (), at)
            self._left_out = None
        taken = [*inputs]
        if self._left_out is not None and inputs and inputs[0].at < self._left_out.at:
            taken.insert(0, self._left_out)  # time does not go back, whatever the facts say
        self._left_out = None
        self._take(policy, taken, decided, at)

    def _take(
        self, policy: int, inputs: Sequence[Input], decided: Sequence[Decision], at: datetime
    ) -> None:
        body = journal.written(canonical.write_inputs(inputs))
        self._add("step", policy, (body, len(inputs)), decided, at)

    def _add(
        self,
        kind: str,
        policy: int,
        inputs: tuple[bytes, int],
        decided: Sequence[Decision],
        at: datetime,
    ) -> None:
        decisions = journal.written(canonical.write_decisions(decided))
        self.digest = chain(self.digest, inputs[0], decisions)
        self._at, self._policy = max(at, self._at + _TICK), policy
        self.no += 1
        self._pending.append(
            Cycle(
                self._at,
                self._epoch,
                self.no,
                kind,
                policy,
                journal.packed(inputs[0]),
                journal.packed(decisions),
                inputs[1],
                len(decided),
                self.digest,
            )
        )

    async def write(self, session: Session) -> None:
        """Write what waits in this transaction; when it fails the reign is over."""
        batch, self._pending = self._pending, []
        await journal.append(session, batch, self._epoch)
