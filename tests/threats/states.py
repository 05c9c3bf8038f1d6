"""States: what must be so that an operation can be done, and how its effect is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString


@dataclass(frozen=True)
class State:
    """What must be so that an operation can be done, and what is so when it was done."""

    before: Sequence[LiteralString]
    done: LiteralString


_IN_WORK: Sequence[LiteralString] = (
    "UPDATE work_item SET state = 'in_work', agent_id = %(agent)s WHERE id = %(work_item)s",
    "UPDATE queue_stay SET left_at = entered_at, how = 'taken' WHERE work_item_id = %(work_item)s",
    "UPDATE interaction SET state = 'with_agent', agent_id = %(agent)s WHERE id = %(interaction)s",
    "UPDATE agent_load SET routed_units = 50 WHERE agent_id = %(agent)s",
)
_HANDED_ON: Sequence[LiteralString] = (
    (
        "INSERT INTO handed_on (work_item_id, by_id, queue_id, agent_id, at)"
        " VALUES (%(work_item)s, %(me)s, %(queue)s, %(agent)s, now())"
    ),
)
_SUPERVISOR_TAKES: Sequence[LiteralString] = (
    (
        "INSERT INTO person_role (person_id, role) SELECT person_id, 'agent'"
        " FROM person_role WHERE role = 'supervisor' ON CONFLICT DO NOTHING"
    ),
    (
        "INSERT INTO agent (person_id, department_id) SELECT person_id, %(department)s"
        " FROM person_role WHERE role = 'supervisor' ON CONFLICT DO NOTHING"
    ),
    (
        "INSERT INTO agent_load (agent_id) SELECT person_id FROM person_role"
        " WHERE role = 'supervisor' ON CONFLICT DO NOTHING"
    ),
    (
        "INSERT INTO agent_presence (agent_id) SELECT person_id FROM person_role"
        " WHERE role = 'supervisor' ON CONFLICT DO NOTHING"
    ),
)
_OFFERED: Sequence[LiteralString] = (
    (
        "INSERT INTO offer (id, work_item_id, agent_id, state, made_at, deadline, epoch, cycle)"
        " VALUES (%(offer)s, %(work_item)s, %(agent)s, 'offered', now(),"
        " now() + interval '2 minutes', 0, 0)"
    ),
    "UPDATE work_item SET state = 'offered', agent_id = %(agent)s WHERE id = %(work_item)s",
    "UPDATE agent_load SET routed_units = 50 WHERE agent_id = %(agent)s",
)
_PARKED: Sequence[LiteralString] = (
    (
        "UPDATE work_item SET state = 'parked', wake_at = now() + interval '1 day'"
        " WHERE id = %(work_item)s"
    ),
    "UPDATE queue_stay SET left_at = entered_at, how = 'parked' WHERE work_item_id = %(work_item)s",
)


def _delivery(state: LiteralString, done: LiteralString) -> State:
    return State(
        (
            "UPDATE delivery SET not_before = now() + interval '1 hour', state = '"
            + state
            + "' WHERE id = %(delivery)s",
        ),
        "SELECT state = '" + done + "' FROM delivery WHERE id = %(delivery)s",
    )


def _work(before: Sequence[LiteralString], done: LiteralString) -> State:
    return State(before, "SELECT state = '" + done + "' FROM work_item WHERE id = %(work_item)s")


def _offer(done: LiteralString) -> State:
    return State(_OFFERED, "SELECT state = '" + done + "' FROM offer WHERE id = %(offer)s")


def _case(done: LiteralString) -> LiteralString:
    return "SELECT " + done + " FROM case_ WHERE id = %(case)s"


_NOTICE: Sequence[LiteralString] = (
    (
        "INSERT INTO notice (id, person_id, kind, case_id, at)"
        " VALUES (%(notice)s, %(me)s, 'mention', %(case)s, now())"
    ),
)
_FOLLOWER: Sequence[LiteralString] = (
    "INSERT INTO follower (case_id, person_id, at) VALUES (%(case)s, %(me)s, now())",
)
_LINKED: LiteralString = "SELECT count(*) = 1 FROM case_link WHERE case_id = %(case)s"
_READ: LiteralString = "SELECT read_at IS NOT NULL FROM notice WHERE id = %(notice)s"
_FOLLOWS: LiteralString = (
    "SELECT count(*) = 1 FROM follower WHERE case_id = %(case)s AND person_id = %(me)s"
)


def _step(before: LiteralString, done: LiteralString) -> State:
    return State(
        (
            "UPDATE case_step SET " + before + " WHERE id = %(case_step)s",
            "UPDATE work_item SET state = 'done', agent_id = %(agent)s WHERE id = %(work_item)s",
            "UPDATE interaction SET state = 'quiet' WHERE id = %(interaction)s",
        ),
        "SELECT " + done + " FROM case_step WHERE id = %(case_step)s",
    )


_CALLING: Sequence[LiteralString] = (
    (
        "INSERT INTO work_item (id, kind, callback_id, case_id, queue_id, channel_kind, state,"
        " state_since, units, exclusive, target_ms, waiting_since, agent_id, created_at)"
        " SELECT gen_random_uuid(), 'callback', %(callback)s, %(case)s, %(queue)s, 'callback',"
        " 'in_work', now(), 50, false, 900000, now(), %(agent)s, now()"
    ),
    "UPDATE agent_load SET routed_units = 50 WHERE agent_id = %(agent)s",
)


STATES: dict[str, State] = {
    "POST /v1/matches": State(
        (), "SELECT count(*) = 1 FROM customer WHERE merged_into IN (%(customer)s, %(twin)s)"
    ),
    "POST /v1/matches/{id}/revoke": State(
        (), "SELECT revoked_at IS NOT NULL FROM link WHERE id = %(match)s"
    ),
    "POST /v1/callbacks/{id}/attempts": State(
        _CALLING, "SELECT attempts = 1 FROM callback WHERE id = %(callback)s"
    ),
    "PUT /v1/cases/{id}/kind": State((), _case("kind_id = %(case_kind)s")),
    "PATCH /v1/case_steps/{id}": State(
        (), "SELECT checklist->0->>'at' IS NOT NULL FROM case_step WHERE id = %(case_step)s"
    ),
    "POST /v1/case_steps/{id}/finish": _step("checklist = '[]'", "state = 'done'"),
    "POST /v1/case_steps/{id}/reject": _step("why = ''", "state = 'rejected'"),
    "POST /v1/case_steps/{id}/waive": _step("why = ''", "state = 'waived'"),
    "POST /v1/case_steps/{id}/reopen": _step("state = 'done'", "state = 'active'"),
    "POST /v1/deliveries/{id}/mark_sent": _delivery("uncertain", "sent"),
    "POST /v1/cases/{id}/snooze": _work((), "parked"),
    "DELETE /v1/cases/{id}/snooze": _work(_PARKED, "waiting"),
    "POST /v1/cases/{id}/take_over": State(
        (*_IN_WORK, *_SUPERVISOR_TAKES), _case("owner_id IS NOT NULL")
    ),
    "POST /v1/cases/{id}/listen": State(
        _IN_WORK, "SELECT EXISTS (SELECT FROM notice WHERE case_id = %(case)s)"
    ),
    "POST /v1/alerts/{id}/settle": State(
        (), "SELECT settled_at IS NOT NULL FROM alert WHERE id = %(alert)s"
    ),
    "POST /v1/cases/{id}/help": State((), _case("help IS NOT NULL")),
    "DELETE /v1/cases/{id}/help": State(
        ("UPDATE case_ SET help = '{}' WHERE id = %(case)s",), _case("help IS NULL")
    ),
    "POST /v1/cases/{id}/links": State((), _LINKED),
    "PUT /v1/cases/{id}/sla": State((), _case("sla_policy_id = %(policy)s")),
    "PUT /v1/cases/{id}/legal_deadline": State((), _case("legal_due_at IS NOT NULL")),
    "POST /v1/cases/{id}/legal_deadline/extend": State(
        (
            (
                "UPDATE case_ SET legal_template = 'pl_financial_complaint', legal_due_at = now()"
                " WHERE id = %(case)s"
            ),
        ),
        _case("legal_extended"),
    ),
    "POST /v1/levers/{id}/confirm": State(
        ("UPDATE lever SET from_at = NULL, until_at = NULL WHERE id = %(lever)s",),
        "SELECT from_at IS NOT NULL FROM lever WHERE id = %(lever)s",
    ),
    "POST /v1/levers/{id}/undo": State((), "SELECT how = 'undone' FROM lever WHERE id = %(lever)s"),
    "POST /v1/levers/{id}/permanent": State(
        (), "SELECT how = 'permanent' FROM lever WHERE id = %(lever)s"
    ),
    "POST /v1/escalation_runs/{id}/acknowledge": State(
        (), "SELECT ack_by = %(me)s FROM escalation_run WHERE id = %(run)s"
    ),
    "DELETE /v1/cases/{id}/links": State(
        (
            (
                "INSERT INTO case_link (case_id, other_id, kind, at, by_kind)"
                " VALUES (%(case)s, %(second)s, 'perhaps', now(), 'person')"
            ),
        ),
        _LINKED.replace("= 1", "= 0"),
    ),
    "POST /v1/cases/{id}/elsewhere": State(
        (), "SELECT count(*) = 1 FROM hand_over WHERE case_id = %(case)s"
    ),
    "POST /v1/cases/{id}/forward": State(
        (),
        "SELECT count(*) = 1 FROM delivery d JOIN message m ON m.id = d.message_id"
        " WHERE d.purpose = 'forward' AND m.interaction_id = %(interaction)s",
    ),
    "POST /v1/me/push": State(
        (), "SELECT count(*) = 1 FROM web_push WHERE endpoint = 'https://push.example/new'"
    ),
    "DELETE /v1/me/push/{id}": State(
        (
            """INSERT INTO web_push (id, person_id, endpoint, p256dh, auth, made_at)
               VALUES (%(device)s, %(me)s, %(device)s::text, 'x', 'x', now())""",
        ),
        "SELECT NOT EXISTS (SELECT FROM web_push WHERE id = %(device)s)",
    ),
    "POST /v1/notices/{id}/read": State(_NOTICE, _READ),
    "POST /v1/notices/read": State(_NOTICE, _READ),
    "PUT /v1/cases/{id}/follow": State((), _FOLLOWS),
    "DELETE /v1/cases/{id}/follow": State(_FOLLOWER, _FOLLOWS.replace("= 1", "= 0")),
    "POST /v1/deliveries/{id}/cancel": _delivery("held", "cancelled"),
    "POST /v1/deliveries/{id}/schedule": State(
        (
            (
                "UPDATE delivery SET state = 'held', why = 'schedule',"
                " not_before = now() + interval '1 hour' WHERE id = %(delivery)s"
            ),
        ),
        "SELECT not_before > now() + interval '2 hours' FROM delivery WHERE id = %(delivery)s",
    ),
    "POST /v1/deliveries/{id}/release": _delivery("held", "queued"),
    "POST /v1/deliveries/{id}/give_up": _delivery("uncertain", "failed"),
    "POST /v1/deliveries/{id}/retry": State(
        (),
        "SELECT count(*) = 2 AND bool_or(state = 'queued') FROM delivery"
        " WHERE message_id = %(out)s",
    ),
    "POST /v1/offers/{id}/accept": _offer("accepted"),
    "POST /v1/offers/{id}/decline": _offer("declined"),
    "POST /v1/offers/{id}/rendered": _offer("offered"),
    "POST /v1/work_items/{id}/extend_wrap_up": State(
        (*_IN_WORK, "UPDATE work_item SET state = 'wrap_up' WHERE id = %(work_item)s"),
        "SELECT wrap_extended = 1 FROM work_item WHERE id = %(work_item)s",
    ),
    "POST /v1/work_items/{id}/resume": _work(
        (
            *_IN_WORK,
            "UPDATE work_item SET state = 'suspended' WHERE id = %(work_item)s",
            "UPDATE agent_load SET routed_units = 0 WHERE agent_id = %(agent)s",
        ),
        "in_work",
    ),
    "PUT /v1/work_items/{id}/disposition": State(
        (*_IN_WORK, "UPDATE work_item SET state = 'wrap_up' WHERE id = %(work_item)s"),
        "SELECT disposition = 'solved' FROM work_item WHERE id = %(work_item)s",
    ),
    "POST /v1/work_items/{id}/finish": _work(_IN_WORK, "done"),
    "POST /v1/work_items/{id}/return": _work(_IN_WORK, "waiting"),
    "POST /v1/work_items/{id}/wake": _work(_PARKED, "waiting"),
    "POST /v1/work_items/{id}/park": _work((), "parked"),
    "POST /v1/work_items/{id}/claim": _work((), "in_work"),
    "POST /v1/work_items/{id}/take_back": _work(_HANDED_ON, "in_work"),
    "POST /v1/work_items/{id}/assign": _work((), "in_work"),
    "POST /v1/cases/{id}/moves": State(
        (  # while steps are to be done nobody solves a Case: flows/test_walk
            "UPDATE case_step SET state = 'done', done_at = now() WHERE case_id = %(case)s",
        ),
        "SELECT state = 'solved' FROM case_ WHERE id = %(case)s",
    ),
    "POST /v1/cases/{id}/merge": State((), _case("merged_into = %(second)s")),
    "POST /v1/cases/{id}/unmerge": State(
        (), "SELECT state = 'open' FROM case_ WHERE id = %(case)s"
    ),
    "POST /v1/cases/{id}/split": State(
        ("UPDATE interaction SET case_id = %(case)s WHERE id = %(second_interaction)s",),
        "SELECT case_id <> %(case)s FROM interaction WHERE id = %(interaction)s",
    ),
    "POST /v1/arrivals/{id}/read_again": State(
        ("UPDATE arrival SET state = 'quarantined' WHERE id = %(arrival)s",),
        "SELECT state = 'new' FROM arrival WHERE id = %(arrival)s",
    ),
    "POST /v1/channel_accounts/{id}/check": State(
        (), "SELECT health ? 'checked_at' FROM channel_account WHERE id = %(loop)s"
    ),
    "POST /v1/channel_accounts/{id}/test": State(
        (), "SELECT health ? 'checked_at' FROM channel_account WHERE id = %(loop)s"
    ),
    "POST /v1/channel_accounts/{id}/pause": State(
        (), "SELECT state = 'paused' FROM channel_account WHERE id = %(account)s"
    ),
    "POST /v1/people/{id}/disable": State(
        (), "SELECT state = 'disabled' FROM person WHERE id = %(person)s"
    ),
    "POST /v1/health/retry": State(
        (("UPDATE arrival SET state = 'quarantined', received_at = now() WHERE id = %(arrival)s"),),
        "SELECT state = 'new' FROM arrival WHERE id = %(arrival)s",
    ),
    "DELETE /v1/people/{id}/sign_ins": State(
        (
            (
                "INSERT INTO sign_in (id, person_id, token_hash, csrf, created_at, seen_at,"
                " expires_at) SELECT gen_random_uuid(), %(person)s, sha256(random()::text::bytea),"
                " 'x', now(), now(), now() + interval '1 day'"
            ),
        ),
        "SELECT bool_and(ended_at IS NOT NULL) FROM sign_in WHERE person_id = %(person)s",
    ),
    "POST /v1/bulk/{id}/cancel": State(
        (), "SELECT state = 'cancelled' FROM bulk_job WHERE id = %(bulk_job)s"
    ),
    "POST /v1/bulk/{id}/undo": State(
        (
            (
                "UPDATE bulk_job SET state = 'done', undo = 'offered', ended_at = now()"
                " WHERE id = %(bulk_job)s"
            ),
        ),
        "SELECT undo = 'asked' FROM bulk_job WHERE id = %(bulk_job)s",
    ),
    "PATCH /v1/views/{id}": State(
        (), "SELECT name = 'renamed' FROM saved_view WHERE id = %(view)s"
    ),
    "PUT /v1/event_rules": State((), "SELECT count(*) > 0 FROM event_rule_set"),
    "PUT /v1/rules": State((), "SELECT count(*) > 0 FROM rule_set"),
    "PUT /v1/people/me/totp": State(
        (), "SELECT totp_secret IS NOT NULL FROM person WHERE id = %(me)s"
    ),
    "DELETE /v1/people/me/totp": State(
        (), "SELECT totp_secret IS NULL FROM person WHERE id = %(me)s"
    ),
    "POST /v1/sign_ins": State((), "SELECT count(*) = 1 FROM sign_in WHERE person_id = %(known)s"),
    "POST /v1/sign_ins/link": State(
        (), "SELECT count(*) = 1 FROM sign_in WHERE person_id = %(known)s"
    ),
    "PUT /v1/demo": State((), "SELECT (value->>'paused')::bool FROM setting WHERE key = 'demo'"),
    "POST /v1/demo/acts": State(
        (), "SELECT value->'acts' ? 'mail' FROM setting WHERE key = 'demo'"
    ),
    "DELETE /v1/demo": State((), "SELECT NOT EXISTS (SELECT FROM setting WHERE key = 'demo')"),
}
"""Where an operation needs more than a fresh thing, and how its effect is seen."""
