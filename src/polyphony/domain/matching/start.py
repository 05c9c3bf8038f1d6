"""Start values: m and u before a deployment has taught us its own.

Measured on the household base of `polyphony lab people` (seeds 1 to 3, never the judging ones):
m from pairs of one person, u from random pairs; see docs/reference/matching.md.
"""

from polyphony.domain.matching.levels import Field
from polyphony.domain.matching.likeness import Level
from polyphony.domain.matching.weights import Key, Weights

_TABLE = """
given equal .78 .012
given close .16 .0045
given near .005 .035
given different .055 .9485
surname equal .80 .004
surname close .115 .002
surname near .03 .025
surname different .055 .969
patronymic equal .80 .04
patronymic close .12 .01
patronymic near .03 .06
patronymic different .05 .89
born equal .95 .00005
born turned .012 .00002
born edited .02 .0004
born near .001 .0005
born different .018 .9995
address equal .80 .0001
address close .02 .0005
address near .005 .001
address part .03 .04
address different .145 .9584
phone equal .80 .00001
phone different .20 .99999
email equal .60 .00001
email near .12 .0005
email different .28 .9995
"""

START: dict[Key, tuple[float, float]] = {
    (Field(field), Level(level)): (float(m), float(u))
    for field, level, m, u in map(str.split, _TABLE.strip().splitlines())
}


def start_weights(customers: int) -> Weights:
    """Return the model of a deployment that knows so many people and has learned nothing yet."""
    m = {key: pair[0] for key, pair in START.items()}
    u = {key: pair[1] for key, pair in START.items()}
    return Weights(m, u, customers)
