"""Verified: one proved address on both sides is one person, unless something says otherwise."""

import re
from collections.abc import Sequence

from polyphony.domain.matching.features import Features
from polyphony.domain.matching.levels import Field, compare
from polyphony.domain.matching.likeness import Level
from polyphony.domain.matching.mailbox import local_part
from polyphony.domain.matching.stems import forms


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEVEL = 2
"""Both sides must control the address: identity level `controlled`, or more."""
NAMES_MAX, RECORDS_MAX = 3, 20
_ROLES = _words(
    "info office kontakt kancelar kancelaria recepce recepcja sekretariat podatelna fakturace "
    "faktury ucetni ksiegowosc obchod objednavky zamowienia sklep biuro admin administrator "
    "support podpora sales marketing hr no-reply noreply postmaster webmaster mail posta"
)
_ZEROS = re.compile(r"\+?\d{0,3}(\d)\1{7,}")


def verified(one: Sequence[Features], other: Sequence[Features]) -> bool:
    """Tell whether two who control one address may be linked by that alone (tier `verified`).

    Given names must be compatible or missing on a side, birth dates and patronymics must not
    differ. That the address is not generic and both levels are 2 or more is the caller's to know.
    """
    agreed = compare(one, other)
    given, born = agreed.get(Field.GIVEN), agreed.get(Field.BORN)
    father = agreed.get(Field.PATRONYMIC)
    if given is not None and given.level in (Level.NEAR, Level.DIFFERENT):
        return False
    if born is not None and born.level is Level.DIFFERENT:
        return False
    return father is None or father.level not in (Level.NEAR, Level.DIFFERENT)


def generic(value: str, holders: Sequence[Features]) -> bool:
    """Tell whether a phone or mail key belongs to nobody in particular.

    Listed ones (info@, +420000000000), more than three distinct names on it, or more than twenty
    Records.
    """
    if len(holders) > RECORDS_MAX:
        return True
    if "@" in value:
        if local_part(value) in _ROLES:
            return True
    elif _ZEROS.fullmatch(value):
        return True
    return people_on(holders) > NAMES_MAX


def people_on(holders: Sequence[Features]) -> int:
    """Count distinct names (given name and stem of the surname): what ``holders`` is made of."""
    named = (one for one in holders if one.given or one.surname)
    return len({(one.given, next(iter(forms(one.surname)), "")) for one in named})
