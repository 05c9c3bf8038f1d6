"""The bench of the search, small: its entries are the follower's own, what it asks for is found."""

import pytest

from polyphony.app.bench import search


@pytest.mark.timeout(120)
async def test_what_is_asked_for_is_found_in_a_past_like_the_followers_own():
    found = await search.measure("tiny", asked=40)
    assert found.valid, found.checks
    assert set(found.latency_ms) >= {"common_p50", "rare_p50", "phrase_p50", "prefix_p50"}
    assert found.ratios["common_p99_ms"] is None, "forty questions do not tell one in a hundred"
