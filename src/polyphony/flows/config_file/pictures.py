"""Pictures: the logos of a file, from the disk into the text and from the text onto the disk."""

import base64

from polyphony.domain.errors import NotFound
from polyphony.flows.config_file.shape import Brand, File, Logo
from polyphony.ports import Files

WRITTEN_MAX = 128 * 1024
"""Bytes of one logo that are written out; a larger one stands by its hash alone."""
TOGETHER_MAX = 384 * 1024
"""Bytes of all logos that are written out, in the order of the brands' names."""


async def drawn(file: File, files: Files) -> File:
    """Return a file whose logos hold their bytes, as far as they are small and on disk."""
    left, brands = TOGETHER_MAX, dict(file.brands or {})
    for name, brand in brands.items():
        data = await _data(brand, files)
        if data is None or len(data) > min(left, WRITTEN_MAX):
            continue
        left -= len(data)
        written = base64.encodebytes(data).decode()
        logo = Logo(sha256=brand.logo.sha256 if brand.logo else None, data=written)
        brands[name] = brand.model_copy(update={"logo": logo})
    return file.model_copy(update={"brands": brands})


async def _data(brand: Brand, files: Files) -> bytes | None:
    if brand.logo is None or brand.logo.sha256 is None:
        return None
    try:
        return await files.get(brand.logo.sha256)
    except NotFound:
        return None


async def keep(file: File, files: Files) -> None:
    """Put the logos a file brings onto the disk; a file that is refused leaves them for tidying.

    To be called before the file is taken in: the disk must not hold a transaction.
    """
    for brand in (file.brands or {}).values():
        data = brand.logo.picture() if brand.logo else None
        if data is not None:
            await files.put(data)
