"""Bodies: a right body for every operation, and which thing its path names."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from polyphony.app import clock

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@dataclass
class Try:
    """One attempt: the things, and the words that only this attempt knows."""

    ids: dict[str, UUID]
    words: dict[str, str]


NOUNS = {
    "cases": "case", "interactions": "interaction", "messages": "message", "files": "file",
    "arrivals": "arrival", "deliveries": "delivery", "work_items": "work_item",
    "offers": "offer", "customers": "customer", "queues": "queue", "agents": "agent",
    "channel_accounts": "account", "departments": "department", "calendars": "calendar",
    "skills": "skill", "people": "person", "roles": "role", "brands": "brand", "config": "change",
    "customer_notes": "note", "matches": "match",
    "snippets": "snippet", "articles": "article", "macros": "macro", "drafts": "draft",
    "views": "view", "bulk": "bulk_job",
    "sla_policies": "policy", "escalations": "ladder", "escalation_runs": "run",
    "notices": "notice", "me": "device", "presence_statuses": "status",
    "case_kinds": "case_kind", "processes": "process", "case_steps": "case_step",
    "boards": "board", "levers": "lever", "callbacks": "callback", "alerts": "alert",
    "hooks": "hook", "rosters": "department",
}  # fmt: skip


def body_of(operation: str, one: Try) -> Any:
    """A body that is right for the operation."""
    text = {name: str(id_) for name, id_ in one.ids.items()}
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    return {
        "PATCH /v1/cases/{id}": {"title": "t"},
        "POST /v1/cases/export": {"ids": [text["case"]]},
        "POST /v1/bulk": {"action": "tags", "args": {"add": ["x"]}, "ids": [text["case"]]},
        "POST /v1/views": {"name": "mine", "filter": {"all": []}},
        "PATCH /v1/views/{id}": {"name": "renamed"},
        "POST /v1/cases/{id}/moves": {"move": "solve"},
        "PUT /v1/cases/{id}/kind": {"kind_id": text["case_kind"]},
        "POST /v1/callbacks/{id}/attempts": {"outcome": "no_answer"},
        "PATCH /v1/case_steps/{id}": {"checklist": {"seen": True}},
        "POST /v1/case_steps/{id}/finish": {},
        "POST /v1/case_steps/{id}/reject": {"reason": "r"},
        "POST /v1/case_steps/{id}/waive": {"reason": "r"},
        "POST /v1/case_steps/{id}/reopen": {"reason": "r"},
        "POST /v1/case_kinds": {"key": f"k{uuid4().hex}"},
        "PATCH /v1/case_kinds/{id}": {"complaint": True},
        "POST /v1/processes": {
            "kind_id": text["case_kind"],
            "steps": [{"key": "a", "title": "A", "kind": "work", "queue": text["queue"]}],
        },
        "POST /v1/processes/{id}/publish": {},
        "POST /v1/cases/{id}/merge": {"into": text["second"]},
        "POST /v1/cases/{id}/split": {"interaction_ids": [text["interaction"]]},
        "POST /v1/cases/{id}/notes": {"text": "n"},
        "POST /v1/cases/{id}/snooze": {"until": tomorrow},
        "POST /v1/cases/{id}/help": {"text": "please"},
        "POST /v1/cases/{id}/take_over": {"reason": "please"},
        "POST /v1/cases/{id}/links": {"other_id": text["second"]},
        "POST /v1/cases/{id}/forward": {"to": ["a@b.example"], "files": False},
        "PATCH /v1/customers/{id}": {"tier": "vip"},
        "POST /v1/customers/{id}/notes": {"text": "n"},
        "PATCH /v1/customer_notes/{id}": {"text": "m"},
        "POST /v1/matches": {"a": text["customer"], "b": text["twin"], "verdict": "same"},
        "PUT /v1/cases/{id}/drafts/{mode}": {"text": "d"},
        "PUT /v1/cases/{id}/read": {"position": 1},
        "POST /v1/interactions/{id}/messages": {"text": "a", "expected_last_item": 2**40},
        "POST /v1/work_items/{id}/transfer": {"queue_id": text["queue"]},
        "POST /v1/work_items/{id}/park": {"until": tomorrow, "for": "date"},
        "PUT /v1/work_items/{id}/disposition": {"disposition": "solved"},
        "POST /v1/work_items/{id}/assign": {"agent_id": text["agent"]},
        "PUT /v1/presence": {"status": "busy"},
        "PATCH /v1/me/settings": {"theme": "dark"},
        "POST /v1/me/push": {
            "endpoint": "https://push.example/new", "keys": {"p256dh": "A" * 87, "auth": "A" * 22},
        },
        "PUT /v1/agents/{id}/presence": {"status": "busy", "reason": "needed elsewhere"},
        "PUT /v1/presence/channels/{kind}": {"on": True},
        "POST /v1/people": {"name": "N", "email": f"{uuid4()}@desk.example"},
        "POST /v1/departments": {"name": str(uuid4())},
        "POST /v1/queues": {"name": str(uuid4()), "department_id": text["department"]},
        "PUT /v1/queues/{id}/members": [{"agent_id": text["agent"]}],
        "POST /v1/skills": {"key": f"k{uuid4().hex}", "kind": "topic"},
        "POST /v1/presence_statuses": {
            "key": f"s{uuid4().hex[:20]}", "name": {"en": "Training"}, "matrix": {"email": "on"},
        },
        "PATCH /v1/presence_statuses/{id}": {"reasons": ["a"]},
        "POST /v1/calendars": {"name": "c"},
        "POST /v1/calendars/{id}/import": {
            "text": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20300101\n"
            "RRULE:FREQ=YEARLY\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR",
            "keep": True,
        },
        "POST /v1/sla_policies": {"name": str(uuid4()), "targets": {"resolution_s": 60}},
        "PATCH /v1/sla_policies/{id}": {"warn_pct": 50},
        "PUT /v1/sla_policies/order": {"ids": [text["policy"]]},
        "POST /v1/sla_policies/try": {"queue_id": text["queue"]},
        "POST /v1/escalations": {
            "name": str(uuid4()), "steps": [{"action": "note", "at_pct": 90, "text": "x"}],
        },
        "PATCH /v1/escalations/{id}": {"name": str(uuid4())},
        "POST /v1/hooks": {"name": str(uuid4()), "url": "https://pager.example/in"},
        "PATCH /v1/hooks/{id}": {"active": False},
        "PUT /v1/rosters/{id}": {"people": [text["person"]], "begins": "2026-01-05"},
        "PUT /v1/deadline_templates/{key}": {"unit": "days", "amount": 9, "zone": "UTC"},
        "PUT /v1/cases/{id}/sla": {"policy_id": text["policy"], "reason": "agreed"},
        "PUT /v1/cases/{id}/legal_deadline": {"template": "cz_consumer_claim"},
        "POST /v1/cases/{id}/legal_deadline/extend": {"reason": "an expert is asked"},
        "POST /v1/channel_accounts": {
            "kind": "email", "name": "n", "address": f"{uuid4()}@x.example",
            "department_id": text["department"],
        },
        "POST /v1/health/retry": {"kind": "arrival", "id": text["arrival"]},
        "POST /v1/brands": {"name": str(uuid4())},
        "POST /v1/roles": {"name": f"R {uuid4().hex}", "rights": ["write"]},
        "PATCH /v1/roles/{id}": {"name": "Other", "rights": ["take"]},
        "PUT /v1/brands/{id}/logo": PNG,
        "POST /v1/config/diff": {"text": "version: 1"},
        "POST /v1/config/apply": {
            "text": f"version: 1\nskills: {{k{uuid4().hex}: {{kind: topic}}}}"
        },
        "PATCH /v1/guide": {"step": "team"},
        "POST /v1/guide/company": {"name": str(uuid4()), "department": str(uuid4())},
        "POST /v1/guide/test": {"text": "x"},
        "PUT /v1/routing/listening": {"tell": False},
        "PUT /v1/routing/capacity": {"costs": {"chat": {"units": 30}}},
        "PUT /v1/routing/score": {"tier": {"vip": 8000}},
        "PUT /v1/rules": {"rules": []},
        "PUT /v1/event_rules": {"rules": []},
        "POST /v1/event_rules/check": {"rules": []},
        "POST /v1/event_rules/dry_run": {"rules": []},
        "POST /v1/rules/bench": {"account_id": text["account"], "text": "x"},
        "POST /v1/rules/check": {"rules": []},
        "POST /v1/rules/dry_run": {"rules": []},
        "POST /v1/rules/try": {"facts": {"channel": "email"}},
        "PUT /v1/people/me/password": {"new": "a horse that nobody guesses"},
        "PUT /v1/people/me/totp": {"code": one.words.get("code", "000000")},
        "POST /v1/sign_ins": {
            "email": "k@desk.example", "password": one.words.get("password", "wrong"),
        },
        "POST /v1/sign_ins/link": {"token": one.words.get("token", "nonsense")},
        "POST /v1/cases/{id}/messages": {
            "text": "a", "expected_last_item": 2**40, "account_id": text["place_account"],
            "identity_id": text["identity"],
        },
        "POST /v1/deliveries/{id}/schedule": {"at": tomorrow},
        "POST /v1/language": {"text": "Where is my parcel?"},
        "POST /v1/snippets": {
            "shortcut": uuid4().hex, "name": "n", "bodies": {"en": "Hello"},
        },
        "POST /v1/articles": {"titles": {"en": "t"}, "bodies": {"en": "b"}},
        "POST /v1/macros": {"name": uuid4().hex, "steps": [{"do": "note", "text": "n"}]},
        "POST /v1/cases/{id}/macros/{macro}": {"expected_last_item": 0},
        "PATCH /v1/snippets/{id}": {"name": "m"},
        "PATCH /v1/articles/{id}": {"url": "https://help.example/a"},
        "PATCH /v1/macros/{id}": {"steps": [{"do": "solve"}]},
        "POST /v1/levers/preview": {"kind": "pause", "queue_id": text["queue"]},
        "POST /v1/levers": {"kind": "pause", "queue_id": text["queue"], "reason": "r"},
        "POST /v1/boards": {"name": "b", "department_id": text["department"]},
        "PATCH /v1/boards/{id}": {"name": "c"},
        "POST /v1/boards/{id}/links": {"name": "hall", "pin": "482913"},
        "POST /v1/tv/{token}": {"pin": "482913"},
        "PUT /v1/demo": {"paused": True},
        "POST /v1/demo/acts": {"act": "mail"},
    }.get(operation, {})  # fmt: skip
