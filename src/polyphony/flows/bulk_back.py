"""Bulk, taken back: each Case of a job gets the values again that the job had found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.bulk import Action
from polyphony.domain.case import CaseMove
from polyphony.flows import handle, settle, snooze
from polyphony.flows.announce import announce
from polyphony.flows.bulk_row import Doing, work_of
from polyphony.flows.handle import Target
from polyphony.store import bulk as store
from polyphony.store import snoozes
from polyphony.store.bulk import Values

_TO_OPEN: Mapping[str, CaseMove] = {
    "solved": CaseMove.REOPEN,
    "closed": CaseMove.REOPEN,
    "discarded": CaseMove.RESTORE,
    "wait_customer": CaseMove.RESUME,
    "wait_third_party": CaseMove.RESUME,
}
_FROM_OPEN: Mapping[str, CaseMove] = {
    "solved": CaseMove.SOLVE,
    "wait_customer": CaseMove.ASK,
    "wait_third_party": CaseMove.REFER,
    "discarded": CaseMove.DISCARD,
}
_WORKING = frozenset({"in_work", "suspended", "wrap_up"})


@dataclass(frozen=True, slots=True)
class Back:
    """How one Case comes back to the values ``was``; nobody has changed them since."""

    was: Values
    action: Action

    async def __call__(self, doing: Doing, case: UUID, now: Values) -> None:
        """Bring it back."""
        match self.action:
            case Action.TAGS | Action.PRIORITY:
                await self._facts(doing, case)
            case Action.STATUS | Action.DISCARD:
                await self._state(doing, case, str(now["state"]))
            case Action.MERGE:
                if now["merged_into"] is not None:
                    await settle.unmerge(doing.session, case, doing.staff, doing.at)
            case Action.SNOOZE:
                await self._awake(doing, case)
            case _:
                await self._work(doing, now)
                await self._owner(doing, case, now)

    async def _facts(self, doing: Doing, case: UUID) -> None:
        tags = self.was.get("tags") if self.action is Action.TAGS else None
        priority = str(self.was["priority"]) if self.action is Action.PRIORITY else None
        wish = settle.Edit(tags=tags if isinstance(tags, list) else None, priority=priority)
        await settle.edit(doing.session, case, wish, doing.staff, doing.at)

    async def _state(self, doing: Doing, case: UUID, now: str) -> None:
        before = str(self.was["state"])
        if now == before:
            return
        due = _moment(self.was.get("due_at"))
        if now != "open":
            wish = settle.CaseWish(_TO_OPEN[now], reason="undo")
            await settle.move(doing.session, case, wish, doing.staff, doing.at)
        if before in _FROM_OPEN:
            wish = settle.CaseWish(_FROM_OPEN[before], due_at=due)
            await settle.move(doing.session, case, wish, doing.staff, doing.at)

    async def _awake(self, doing: Doing, case: UUID) -> None:
        """Wake it, then give the work, or what it was put aside for before, back to whom it had."""
        await snooze.wake(doing.session, case, doing.staff, doing.at)
        await self._work(doing, (await store.still(doing.session, [case]))[case])
        due, before = _moment(self.was.get("due_at")), self.was.get("snooze")
        if due is not None:
            await store.due(doing.session, case, due)
        if isinstance(before, dict):
            by, until = UUID(before["by"]), datetime.fromisoformat(before["until"])
            await snoozes.put(doing.session, case, by, until, before["said"], doing.at)
        await announce(doing.session, actor=doing.staff.actor, cases=[case])

    async def _work(self, doing: Doing, now: Values) -> None:
        present = {item["id"]: item for item in work_of(now)}
        for item in work_of(self.was):  # a Case has one or two
            if item["id"] in present:
                await self._item(doing, item, present[item["id"]])

    async def _item(
        self, doing: Doing, before: Mapping[str, object], now: Mapping[str, object]
    ) -> None:
        id_, actor, at = UUID(str(before["id"])), doing.staff.actor, doing.at
        if now["state"] == "parked" and before["state"] != "parked":
            await handle.wake(doing.session, id_, actor, at)
        queue = UUID(str(before["queue_id"]))
        taken = now["state"] in _WORKING and before["state"] not in _WORKING
        if taken or before["queue_id"] != now["queue_id"]:
            there = Target(queue=queue, anyway=True)
            await handle.transfer(doing.session, id_, there, actor, at)
        holder = before["agent_id"] if before["state"] in _WORKING else None
        if holder is not None and (holder != now["agent_id"] or now["state"] not in _WORKING):
            await handle.assign(doing.session, id_, UUID(str(holder)), actor, at)
        wake = _moment(before.get("wake_at"))
        if before["state"] == "parked" and now["state"] != "parked" and wake and wake > at:
            await handle.park(doing.session, id_, wake, "date", actor, at)

    async def _owner(self, doing: Doing, case: UUID, now: Values) -> None:
        if self.action is not Action.ASSIGN or now["owner"] == self.was["owner"]:
            return
        owner = self.was["owner"]
        await store.give(doing.session, case, None if owner is None else UUID(str(owner)))
        await announce(doing.session, actor=doing.staff.actor, cases=[case])


def _moment(given: object) -> datetime | None:
    return datetime.fromisoformat(given) if isinstance(given, str) else None
