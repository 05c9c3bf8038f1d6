"""Event: names in the past tense, defaults for every streamed entity."""

import re

from polyphony.domain.event import KNOWN, SYSTEM, TYPES, NewEvent, Op


def test_every_type_is_a_noun_and_a_fact():
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", one) for one in KNOWN)
    assert set(TYPES.values()) <= KNOWN


def test_every_streamed_entity_has_a_default_type():
    assert {"case", "interaction", "message", "chat_message", "work_item", "offer", "presence",
            "load"} <= set(TYPES)  # fmt: skip
    assert all(type_.startswith(entity + ".") for entity, type_ in TYPES.items())


def test_operations_keep_their_numbers():
    assert [(one.name, int(one)) for one in Op] == [
        *(("UPSERT", 0), ("GONE", 1), ("TOUCH", 2), ("FACT", 3)),
    ]
    event = NewEvent("case.opened", Op.UPSERT, "case", None, 1, ["all"])
    assert (event.actor_kind, SYSTEM.kind) == ("system", "system")
