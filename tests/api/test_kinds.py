"""Kinds, processes, steps and event rules over HTTP, by whoever may."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Person, running
from tests.make.person import person
from tests.make.queue import queue

from polyphony.store.database import Database


@dataclass
class House:
    root: Person
    jana: Person
    petr: Person
    lead: Person
    office: UUID
    far: UUID
    case: Case

    async def ask(self, who: Person, method: str, path: str, body: object = None, **more: Any):
        return await who.http.request(method, path, json=body, headers={"If-Match": "*"}, **more)

    async def kind(self, *steps: dict[str, Any]) -> str:
        made = (await self.ask(self.root, "POST", "/v1/case_kinds", {"key": "loan"})).json()["id"]
        draft = {"kind_id": made, "steps": list(steps)}
        found = await self.ask(self.root, "POST", "/v1/processes", draft)
        assert found.status_code == 200, found.text
        done = await self.ask(self.root, "POST", f"/v1/processes/{found.json()['id']}/publish", {})
        assert done.json()["state"] == "published"
        return str(made)

    async def begin(self, *steps: dict[str, Any]) -> list[dict[str, Any]]:
        path = f"/v1/cases/{self.case.id}/kind"
        told = await self.ask(self.jana, "PUT", path, {"kind_id": await self.kind(*steps)})
        assert told.status_code == 200, told.text
        return list(told.json()["steps"])


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    async with database.transaction() as session:
        home, away = await department(session, "Home"), await department(session, "Away")
        root = await person(session, "Root", roles=["admin"])
        office = await queue(session, home.id, "Office")
        far = await queue(session, away.id, "Far")
        jana = await agent(session, home.id, name="Jana", queues=[office])
        petr = await agent(session, away.id, name="Petr", queues=[far])
        lead = await person(session, "Lead", roles=["supervisor"], departments=[home.id])
        matter = await case(session, home, await account(session, home.id), await customer(session))
    async with running(database, tmp_path) as desk:
        people = [await desk.signed_in(one) for one in (root, jana, petr, lead)]
        yield House(*people, office, far, matter)


def step(key: str, where: UUID, **more: object) -> dict[str, Any]:
    return {"key": key, "title": key, "kind": "work", "queue": str(where), **more}


async def test_a_process_is_drafted_published_and_walked_through_two_departments(house):
    form = [{"key": "amount", "label": "Amount", "type": "number", "required": True}]
    steps = await house.begin(step("check", house.office, form=form), step("pay", house.far))
    check, pay = (one["id"] for one in steps)
    read = (await house.ask(house.jana, "GET", f"/v1/cases/{house.case.id}")).json()
    assert [one["state"] for one in read["steps"]] == ["active", "todo"]
    early = await house.ask(house.jana, "POST", f"/v1/case_steps/{check}/finish", {})
    assert (early.status_code, early.json()["code"]) == (422, "case_step.unfinished")
    noted = {"answers": {"amount": 5}}
    told = await house.ask(house.jana, "PATCH", f"/v1/case_steps/{check}", noted)
    assert told.json()["answers"] == {"amount": 5}
    done = await house.ask(house.jana, "POST", f"/v1/case_steps/{check}/finish", {})
    assert [one["state"] for one in done.json()["steps"]] == ["done", "active"]
    not_hers = await house.ask(house.lead, "POST", f"/v1/case_steps/{pay}/finish", {})
    assert not_hers.status_code == 200  # who leads the department of the Case may
    over = {"done": 2, "total": 2, "now": None, "titles": None}
    assert not_hers.json()["case"]["steps"] == over


async def test_a_queue_of_another_department_does_its_step_and_no_other(house):
    steps = await house.begin(step("check", house.office), step("pay", house.far))
    check, pay = (one["id"] for one in steps)
    path = "/v1/case_steps/{}/finish"
    assert (await house.ask(house.petr, "POST", path.format(check), {})).status_code == 403
    await house.ask(house.jana, "POST", path.format(check), {})
    assert (await house.ask(house.petr, "POST", path.format(pay), {})).status_code == 200


async def test_waiving_and_reopening_belong_to_the_lead_and_need_a_reason(house):
    (only,) = await house.begin(step("check", house.office))
    path = f"/v1/case_steps/{only['id']}/waive"
    assert (await house.ask(house.jana, "POST", path, {"reason": "x"})).status_code == 403
    bare = await house.ask(house.lead, "POST", path, {"reason": " "})
    assert (bare.status_code, bare.json()["code"]) == (422, "case_step.reason_required")
    solved = await house.ask(
        house.jana, "POST", f"/v1/cases/{house.case.id}/moves", {"move": "solve"}
    )
    assert (solved.status_code, solved.json()["code"]) == (409, "case.steps_open")
    done = await house.ask(house.lead, "POST", path, {"reason": "known"})
    assert done.json()["steps"][0]["state"] == "waived"


async def test_faults_of_a_process_name_the_step_and_nothing_is_kept(house):
    made = (await house.ask(house.root, "POST", "/v1/case_kinds", {"key": "loan"})).json()["id"]
    wrong = [step("check", house.office), {"key": "wait", "title": "W", "kind": "timer"}]
    told = await house.ask(house.root, "POST", "/v1/processes", {"kind_id": made, "steps": wrong})
    assert told.status_code == 422
    assert told.json()["code"] == "process.step"
    assert (told.json()["step"], told.json()["field"]) == (2, "wait_s")
    found = await house.ask(house.root, "GET", f"/v1/processes?kind_id={made}")
    assert found.json()["items"] == []
    law = await house.ask(house.root, "PATCH", f"/v1/case_kinds/{made}", {"deadline": "nobody"})
    assert (law.status_code, law.json()["code"]) == (422, "deadline.unknown")


async def test_a_kind_in_use_stays_and_a_draft_can_be_thrown_away(house):
    await house.begin(step("check", house.office))
    (kind,) = (await house.ask(house.jana, "GET", "/v1/case_kinds")).json()["items"]
    path = f"/v1/case_kinds/{kind['id']}"
    refused = await house.ask(house.root, "DELETE", path)
    assert (refused.status_code, refused.json()["code"]) == (409, "case_kind.in_use")
    draft = {"kind_id": kind["id"], "steps": [step("other", house.office)]}
    await house.ask(house.root, "POST", "/v1/processes", draft)
    assert (await house.ask(house.root, "DELETE", f"{path}/draft")).status_code == 204
    assert (await house.ask(house.root, "DELETE", f"{path}/draft")).status_code == 404


async def test_event_rules_are_checked_saved_and_tried(house):
    tag = {"id": "r", "on": ["case.opened"], "do": [{"do": "tag", "add": ["x"]}]}
    wrong = {**tag, "id": "w", "when": "case.shoe == 1"}
    told = await house.ask(house.root, "POST", "/v1/event_rules/check", {"rules": [tag, wrong]})
    (fault,) = told.json()["faults"]
    assert (fault["number"], fault["code"]) == (2, "rule.unknown_field")
    blind = await house.root.http.put("/v1/event_rules", json={"rules": [tag]})
    assert blind.status_code == 428
    kept = await house.ask(house.root, "PUT", "/v1/event_rules", {"rules": [tag]})
    assert kept.json()["version"] == 1
    read = (await house.ask(house.root, "GET", "/v1/event_rules")).json()
    assert (read["rules"][0]["id"], read["standings"]) == ("r", [])
    run = await house.ask(house.root, "POST", "/v1/event_rules/dry_run", {"rules": [tag]})
    assert run.json()["rules"] == [{"rule": "r", "hits": 0, "cases": 0, "errors": 0}]
