"""A small checker for the JSON Schema subset that our generated schemas use."""

from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Return what of the value does not fit the schema."""
    if "anyOf" in schema:
        tries = [faults(value, one, at) for one in schema["anyOf"]]
        return [] if any(not one for one in tries) else [f"{at}: fits none: {tries}"]
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r} is none of the words"]
    wanted = _TYPES[schema["type"]]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        return [f"{at}: {type(value).__name__} instead of {schema['type']}"]
    if isinstance(value, dict):
        missing = [f"{at}: {name} is missing" for name in schema["required"] if name not in value]
        return missing + [
            fault
            for name, one in value.items()
            if name in schema["properties"]
            for fault in faults(one, schema["properties"][name], f"{at}.{name}")
        ]
    if isinstance(value, list):
        return [
            f for n, one in enumerate(value) for f in faults(one, schema["items"], f"{at}[{n}]")
        ]
    return []
