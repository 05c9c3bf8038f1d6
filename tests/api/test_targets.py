"""Targets over HTTP: policies in their order, ladders, laws, days from a file; history and file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.make.moment import at
from tests.make.office import Office, opened
from tests.make.person import person
from tests.make.promise import climbing, ladder

from polyphony.flows import tidy
from polyphony.store.database import Database


class House(Office):
    async def furnish(self, session, care, writer):
        self.care = care
        self.root_id = await person(session, "Root", roles=["admin"], departments=[care.id])
        self.lead_id = await person(session, "Lead", roles=["supervisor"], departments=[care.id])
        self.steps = await ladder(
            session,
            {"action": "page", "at_pct": 100, "to": [{"who": "lead"}], "ack_required": True},
            name="Night",
        )
        self.clock = await climbing(
            session, self.case.id, self.case.interaction, care.calendar, self.steps
        )


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(House(), database, tmp_path) as made:
        made.root = await made.desk.signed_in(made.root_id)
        made.lead = await made.desk.signed_in(made.lead_id)
        yield made


async def test_policies_are_added_put_in_order_tried_changed_and_removed(house):
    root = house.root
    names = []
    for rank, (name, scope, seconds) in enumerate(
        [
            ("VIP", {"tiers": ["vip"]}, 900),
            ("Care", {"departments": [str(house.care.id)]}, 1800),
            ("Second care", {"departments": [str(house.care.id)]}, 2700),
        ]
    ):
        made = await root.post(
            "/v1/sla_policies",
            {"name": name, "rank": rank, "scope": scope, "targets": {"first_response_s": seconds}},
        )
        assert made.status_code == 201, made.text
        names.append(made.json())
    example = {"channel": "email", "queue_id": str(house.care.triage)}
    told = (await root.post("/v1/sla_policies/try", example)).json()["clocks"]
    first = next(one for one in told if one["type"] == "first_response")
    assert (first["policy"]["name"], first["level"], first["target_s"]) == (
        "Care",
        "department",
        1800,
    )
    assert [lost["name"] for lost in first["losers"]] == ["Second care", ""]
    turned = [names[0]["id"], names[2]["id"], names[1]["id"]]
    ordered = await root.http.put("/v1/sla_policies/order", json={"ids": turned})
    assert [one["name"] for one in ordered.json()["items"]] == ["VIP", "Second care", "Care"]
    told = (await root.post("/v1/sla_policies/try", example | {"tier": "vip"})).json()["clocks"]
    assert told[0]["policy"]["name"] == "VIP"
    some = await root.http.put("/v1/sla_policies/order", json={"ids": turned[:2]})
    assert some.status_code == 422
    path = f"/v1/sla_policies/{names[0]['id']}"
    assert (await root.http.patch(path, json={"active": False})).status_code == 428
    tag = {"If-Match": '"1"'}
    off = await root.http.patch(path, json={"active": False}, headers=tag)
    assert (off.status_code, off.json()["active"]) == (200, False)
    for wrong in (
        {"targets": {}},
        {"targets": {"first_response_s": 0}},
        {"scope": {"queues": ["x"]}},
    ):
        answer = await root.http.patch(path, json=wrong, headers={"If-Match": '"2"'})
        assert answer.status_code == 422, wrong
    again = await root.post("/v1/sla_policies", {"name": "VIP", "targets": {"step_s": 5}})
    assert again.status_code == 409
    gone = await root.http.delete(path, headers={"If-Match": '"2"'})
    assert gone.status_code == 204
    assert len((await house.jana.get("/v1/sla_policies"))["items"]) == 2
    assert (await house.jana.post("/v1/sla_policies", {"name": "x"})).status_code == 403


async def test_a_change_stands_in_the_history_and_is_taken_back(house):
    root = house.root
    made = (
        await root.post("/v1/sla_policies", {"name": "P", "targets": {"resolution_s": 3600}})
    ).json()
    await root.http.patch(
        f"/v1/sla_policies/{made['id']}", json={"warn_pct": 50}, headers={"If-Match": '"1"'}
    )
    [change, added] = (await root.get("/v1/config/history", noun="sla_policy"))["items"]
    assert change["fields"] == [{"name": "warn_pct", "before": 75, "after": 50}]
    assert added["op"] == "add"
    back = await root.post(f"/v1/config/history/{change['id']}/revert")
    assert back.status_code < 300, back.text
    [now] = (await root.get("/v1/sla_policies"))["items"]
    assert now["warn_pct"] == 75


async def test_policies_ladders_and_laws_travel_in_the_configuration_file(house):
    root = house.root
    queue = str(house.care.triage)
    steps = [{"action": "move", "at_pct": 120, "queue_id": queue}]
    made = await root.post("/v1/escalations", {"name": "Move on", "steps": steps})
    assert made.status_code == 201, made.text
    await root.post(
        "/v1/sla_policies",
        {
            "name": "Care", "scope": {"queues": [queue]}, "targets": {"first_response_s": 60},
            "escalation_id": made.json()["id"],
        },
    )  # fmt: skip
    law = {"unit": "days", "amount": 20, "zone": "Europe/Prague", "country": "CZ"}
    assert (await root.http.put("/v1/deadline_templates/own_law", json=law)).status_code == 200
    text = (await root.http.get("/v1/config")).text
    assert "@queues/" in text
    assert "own_law" in text
    same = await root.post("/v1/config/diff", {"text": text})
    assert same.json() == {"changes": [], "faults": []}
    for path in ("sla_policies", "escalations"):
        for one in (await root.get(f"/v1/{path}"))["items"]:
            if one["name"] != "Night":
                await root.http.delete(f"/v1/{path}/{one['id']}")
    applied = await root.post("/v1/config/apply", {"text": text})
    assert applied.status_code == 200, applied.text
    [policy] = (await root.get("/v1/sla_policies"))["items"]
    assert policy["scope"] == {"queues": [queue]}
    ladders = {one["name"]: one for one in (await root.get("/v1/escalations"))["items"]}
    assert ladders["Move on"]["steps"] == steps
    assert policy["escalation_id"] == ladders["Move on"]["id"]
    wrong = await root.post(
        "/v1/config/apply", {"text": text.replace("first_response_s: 60", "someday_s: 60")}
    )
    assert wrong.status_code == 422


async def test_a_ladder_in_use_stays_and_a_rung_that_is_none_is_refused(house):
    root = house.root
    await root.post(
        "/v1/sla_policies",
        {"name": "P", "targets": {"step_s": 60}, "escalation_id": str(house.steps)},
    )
    used = await root.http.delete(f"/v1/escalations/{house.steps}", headers={"If-Match": '"1"'})
    assert (used.status_code, used.json()["code"]) == (409, "escalation.in_use")
    rung = {"action": "move", "at_pct": 100, "queue_id": str(house.case.id)}
    wrong = await root.post("/v1/escalations", {"name": "x", "steps": [rung]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "escalation.rung")
    assert (await root.post("/v1/escalations", {"name": "x", "steps": []})).status_code == 422


async def test_laws_are_listed_with_an_example_and_marked_where_nobody_read_them(house):
    items = {one["key"]: one for one in (await house.jana.get("/v1/deadline_templates"))["items"]}
    assert set(items) >= {
        *("cz_consumer_claim", "pl_financial_complaint", "psd2_complaint", "gdpr_request"),
    }
    assert items["psd2_complaint"]["unverified"]
    assert items["pl_financial_complaint"]["example"]["extended_due_at"]
    wrong = await house.root.http.put(
        "/v1/deadline_templates/x_law", json={"unit": "days", "amount": 5, "zone": "Moon"}
    )
    assert wrong.status_code == 422


ICS = (
    "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Svátky\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20200928\r\n"
    "RRULE:FREQ=YEARLY\r\nSUMMARY:Den české státnosti\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


async def test_days_of_rest_are_shown_first_then_taken_over_and_struck_off(house):
    root = house.root
    path = f"/v1/calendars/{house.care.calendar}"
    seen = (await root.post(f"{path}/import", {"text": ICS})).json()
    assert (seen["name"], seen["kept"], len(seen["days"]) >= 10) == ("Svátky", False, True)
    assert not any(day["known"] for day in seen["days"])
    [row] = [
        one
        for one in (await root.get("/v1/calendars"))["items"]
        if one["id"] == str(house.care.calendar)
    ]
    assert row["imported"] == {}
    blind = await root.post(f"{path}/import", {"text": ICS, "keep": True})
    assert blind.status_code == 428
    kept = await root.http.post(
        f"{path}/import", json={"text": ICS, "keep": True}, headers={"If-Match": '"1"'}
    )
    assert kept.json()["kept"], kept.text
    again = (await root.post(f"{path}/import", {"text": ICS})).json()
    assert all(day["known"] for day in again["days"])
    struck = await root.http.patch(
        path, json={"imported": {"2027-09-28": "one"}}, headers={"If-Match": '"2"'}
    )
    assert struck.json()["imported"] == {"2027-09-28": "one"}
    for text, code in (("hello", "ical.not_a_calendar"), ("BEGIN:VCALENDAR", "ical.no_days")):
        wrong = await root.post(f"{path}/import", {"text": text})
        assert (wrong.status_code in {409, 422}, wrong.json()["code"]) == (True, code)


async def test_the_case_shows_its_clocks_with_policy_losers_and_rungs_and_somebody_has_it(house):
    async with house.database.transaction() as session:
        await tidy.strike(session, at(3600), 100)
    told = await house.lead.get(f"/v1/cases/{house.case.id}/sla")
    assert [one["state"] for one in told["clocks"]] == ["breached"]
    assert told["clocks"][0]["escalation"]["name"] == "Night"
    [run] = told["runs"]
    assert run["answerable"]
    [page] = [
        one for one in (await house.lead.get("/v1/notices"))["items"] if one["kind"] == "escalation"
    ]
    assert (page["urgent"], page["run_id"]) == (True, run["id"])
    path = f"/v1/escalation_runs/{run['id']}/acknowledge"
    assert (await house.lead.post(path)).json()["ack_by"] == str(house.lead_id)
    assert (await house.lead.post(path)).status_code == 409
    [run] = (await house.lead.get(f"/v1/cases/{house.case.id}/sla"))["runs"]
    assert not run["answerable"]


async def test_a_policy_is_set_by_hand_with_a_reason(house):
    made = (
        await house.root.post(
            "/v1/sla_policies", {"name": "Hand", "targets": {"first_response_s": 99_000}}
        )
    ).json()
    path = f"/v1/cases/{house.case.id}/sla"
    without = await house.jana.http.put(path, json={"policy_id": made["id"], "reason": ""})
    assert without.status_code == 422
    done = await house.jana.http.put(path, json={"policy_id": made["id"], "reason": "agreed"})
    assert done.status_code == 200, done.text
    told = done.json()
    assert (told["hand"]["name"], told["hand"]["reason"], told["hand"]["by"]) == (
        *("Hand", "agreed", "Jana"),
    )
    assert told["clocks"][0]["level"] == "hand"


async def test_a_colleague_says_that_it_is_a_complaint_and_the_law_gives_a_date(house):
    path = f"/v1/cases/{house.case.id}/legal_deadline"
    answer = await house.jana.http.put(path, json={"template": "pl_financial_complaint"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["legal"]["template"] == "pl_financial_complaint"
    assert "legal" in {one["type"] for one in told["clocks"]}
    longer = await house.jana.post(f"{path}/extend", {"reason": "an expert is asked"})
    assert longer.json()["due_at"] > told["legal"]["due_at"]
    assert (await house.jana.http.put(path, json={"template": "moon_law"})).status_code == 404
    gone = await house.jana.http.put(path, json={"template": None})
    assert (gone.json()["legal"], len(gone.json()["clocks"])) == (None, 1)


async def test_leads_see_what_will_be_late(house):
    async with house.database.transaction() as session:
        await session.execute(
            "UPDATE work_item SET state = 'waiting', agent_id = NULL, due_at = now() - interval"
            " '1 hour' WHERE id = %s",
            [house.case.work_item],
        )
        await session.execute("UPDATE agent_load SET routed_units = 0, manual_units = 0")
    found = (await house.lead.get("/v1/foreseen"))["items"]
    assert [one["case_id"] for one in found] == [str(house.case.id)]
    assert found[0]["late_s"] >= 3600
    assert (await house.jana.http.get("/v1/foreseen")).status_code == 403
