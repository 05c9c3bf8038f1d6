"""Targets and requirements of new work, and who is preferred."""

from polyphony.domain.queue import needs, resolution_target_ms, sticky_agent, target_ms
from polyphony.domain.skill import Requirement, RequirementKind


def test_the_queue_may_set_its_own_targets():
    own = {"email": {"first_response_s": 600, "resolution_s": 7200}}
    assert target_ms(own, "email", "vip") == 600_000
    assert target_ms({}, "email", "vip") == 3_600_000
    assert resolution_target_ms(own, "email") == 7_200_000
    assert resolution_target_ms(own, "chat") == 8 * 3_600_000


def test_requirements_of_queue_and_rule_merge_to_the_stricter_one():
    of_queue = [Requirement("cs", 2), Requirement("loan", 3, RequirementKind.DESIRED)]
    chosen = [Requirement("cs", 4), Requirement("loan", 1, RequirementKind.LEGAL)]
    assert needs(of_queue, chosen) == (
        Requirement("cs", 4),
        Requirement("loan", 3, RequirementKind.LEGAL),
    )


def test_the_first_known_agent_is_preferred():
    assert sticky_agent([None, "petr", "eva"]) == "petr"
    assert sticky_agent([None]) is None
