"""Rules in force, calendars and Queues as they are kept."""

from datetime import UTC, datetime

import pytest
from psycopg.types.json import Jsonb
from tests.make.department import department

from polyphony.domain.errors import Invalid
from polyphony.domain.service_hours import ROUND_THE_CLOCK, to_ms
from polyphony.domain.skill import Requirement
from polyphony.store import calendars, queues, rules


async def test_without_rules_none_are_in_force(session):
    assert (await rules.current(session)).rules == ()


async def test_saved_rules_are_in_force_at_once_and_compiled_once(session):
    made = await department(session)
    saved = await rules.save(
        session, [{"id": "all", "when": "true", "queue": str(made.triage)}], None
    )
    now = await rules.current(session)
    assert now.version == saved.version
    assert [rule.id for rule in now.rules] == ["all"]
    assert await rules.current(session) is now


async def test_a_wrong_rule_is_not_saved(session):
    with pytest.raises(Invalid):
        await rules.save(session, [{"id": "bad", "when": "1 +"}], None)
    assert (await rules.current(session)).rules == ()


async def test_a_bad_rule_written_by_hand_takes_no_other_along(session):
    raw = [{"id": "bad", "when": "1 +"}, {"id": "good", "when": "true"}]
    await session.execute("INSERT INTO rule_set (rules) VALUES (%s)", [Jsonb(raw)])
    assert [rule.id for rule in (await rules.current(session)).rules] == ["good"]


async def test_calendars_are_read_once_per_version(session):
    made = await department(session, always=False)
    hours = (await calendars.hours(session, [made.calendar]))[made.calendar]
    assert hours.is_open(to_ms(datetime(2026, 11, 23, 9, tzinfo=UTC)))
    assert not hours.is_open(to_ms(datetime(2026, 11, 22, 9, tzinfo=UTC)))
    assert (await calendars.hours(session, [made.calendar]))[made.calendar] is hours
    await session.execute("UPDATE calendar SET always = true, version = version + 1")
    assert (await calendars.hours(session, [made.calendar]))[made.calendar] is ROUND_THE_CLOCK


async def test_the_policy_knows_every_queue_with_the_hours_that_count(session):
    made = await department(session)
    needs = [{"skill": "cs", "min_level": 2}]
    await session.execute(
        "UPDATE queue SET weight_milli = 1500, sticky = 'require', requirements = %s WHERE id = %s",
        [Jsonb(needs), made.triage],
    )
    policy = await queues.policy(session, 7)
    found = policy.queues[made.triage]
    assert (policy.version, found.weight_milli, found.sticky) == (7, 1500, "require")
    assert found.hours is ROUND_THE_CLOCK
    assert await queues.requirements(session, [made.triage]) == {
        made.triage: (Requirement("cs", 2),)
    }
