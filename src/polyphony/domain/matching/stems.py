"""Stems: a feminine surname and the masculine one of the same family are one word."""
# ruff: noqa: RUF001 - letters of many alphabets

from functools import lru_cache

from polyphony.domain.matching.letters import readings
from polyphony.domain.matching.skeleton import skeletons

_CACHE = 1 << 17
_LEFT_MIN = 2
# Ending:what stands for it, the longest wins. Both sexes end in the same stem.
_TEXT = (
    # Czech, Slovak
    "ská:sk cká:ck ský:sk cký:ck ová: á: ý: í: a: y: "
    # Polish, and Czech without marks
    "ska:sk ski:sk sky:sk cka:ck cki:ck cky:ck dzka:dzk dzki:dzk zka:zk zki:zk "
    # Russian and Ukrainian in Latin letters
    "ova:ov eva:ev owa:ow ewa:ew ina:in yna:yn skaya:sk skaja:sk skaia:sk skiy:sk skij:sk "
    "skii:sk ckaja:ck ckij:ck tskaya:tsk tskaia:tsk tskiy:tsk tskii:tsk skyi:sk skyy:sk "
    "skyj:sk tskyi:tsk tskyy:tsk "
    # Russian, Ukrainian
    "ова:ов ева:ев ёва:ёв ина:ин ына:ын їна:їн іна:ін ская:ск ский:ск цкая:цк цкий:цк ая: яя: "
    "ый: ой: ий: а: ська:ськ ський:ськ цька:цьк цький:цьк зька:зьк зький:зьк"
)
_ENDINGS = dict(pair.split(":") for pair in _TEXT.split())
_LONGEST = max(map(len, _ENDINGS))
# A man's name may lose a vowel before -ová: Hájek, Hájková.
_FLEETING = (("ek", "k"), ("ec", "c"), ("el", "l"))


@lru_cache(_CACHE)
def stem(surname: str) -> str:
    """Return the stem both sexes share; the name in small letters where there is none."""
    small = surname.casefold()
    for size in range(min(_LONGEST, len(small) - _LEFT_MIN), 0, -1):
        put = _ENDINGS.get(small[-size:])
        if put is not None:
            return small[:-size] + put
    for ending, put in _FLEETING:
        if small.endswith(ending) and len(small) > len(ending) + _LEFT_MIN:
            return small[: -len(ending)] + put
    return small


@lru_cache(_CACHE)
def forms(surname: str) -> tuple[str, ...]:
    """Return the Latin readings of the name and of its stem; equal ones mean one family name.

    A Czech stem in -ov without its marks (Novakova) is read both as Novak and as Novakov.
    """
    base = stem(surname)
    ways = [*readings(base), *readings(surname)]
    if base.endswith(("ov", "ow")) and base != surname.casefold() and base.isascii():
        ways += readings(base[:-2])
    return tuple(dict.fromkeys(ways))


@lru_cache(_CACHE)
def family_skeletons(surname: str) -> frozenset[str]:
    """Return the skeleton keys of the stems of a surname."""
    base = stem(surname)
    if base.endswith(("ov", "ow")) and base != surname.casefold() and base.isascii():
        return skeletons(base) | skeletons(base[:-2])
    return skeletons(base)
