"""Listening: whether agents are told when somebody who leads reads along with them."""

from collections.abc import Mapping

from polyphony.domain.errors import Invalid


def tells(rules: Mapping[str, object]) -> bool:
    """Tell whether the agent is told; he is, unless the house says otherwise.

    Raises Invalid for rules that are none.
    """
    told = rules.get("tell", True)
    if not isinstance(told, bool) or rules.keys() - {"tell"}:
        raise Invalid("listening.rules")
    return told
