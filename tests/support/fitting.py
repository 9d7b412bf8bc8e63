"""Messages that fit their schema, at its edges: the longest texts, the largest numbers, the oddest characters."""

from __future__ import annotations

from random import Random
from typing import Any

from pydantic import BaseModel

ODD = ("", " ", "a", "\0", "\n\r\n", "é", "東京", "🎵" * 3, "..", "*", ">", "$where", "'; --", "\u202e", "\ufeff", "İ")
LONGEST_LIST = 3
DATES = ("1900-01-01T00:00:00Z", "2026-11-29T12:00:00+14:00", "2199-12-30T23:59:59.999999-12:00")


def fitting(cls: type[BaseModel], random: Random) -> dict[str, Any]:
    """A JSON document that the class's schema allows; fields that may be left out sometimes are."""
    schema = cls.model_json_schema(mode="validation")
    document: dict[str, Any] = _value(schema, schema.get("$defs", {}), random)
    return document


def _value(schema: dict[str, Any], named: dict[str, Any], random: Random) -> Any:
    if "$ref" in schema:
        return _value(named[schema["$ref"].rpartition("/")[2]], named, random)
    if "enum" in schema:
        return random.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return _value(random.choice(schema["anyOf"]), named, random)
    match schema.get("type"):
        case "object":
            return _object(schema, named, random)
        case "array":
            most = schema.get("maxItems", LONGEST_LIST)
            count = random.choice((schema.get("minItems", 0), 1, min(LONGEST_LIST, most), min(most, 600)))
            if count > LONGEST_LIST and schema["items"].get("type") != "string":
                count = LONGEST_LIST
            return [_value(schema["items"], named, random) for _ in range(count)]
        case "string" if "pattern" in schema:
            # The only texts with one are names made of such letters.
            return "".join(random.choices("0123456789abcdef", k=random.randint(0, schema["maxLength"])))
        case "string":
            return _text(schema, random)
        case "integer":
            low, high = schema.get("minimum", -(2**31)), schema.get("maximum", 10**40)
            return random.choice((low, low + 1, high, high - 1))
        case "number":
            low, high = schema.get("minimum", -1e308), schema.get("maximum", 1e308)
            return random.choice((low, high, low + 1e-9, (low + high) / 3))
        case "boolean":
            return random.random() < 0.5
        case _:
            return None


def _object(schema: dict[str, Any], named: dict[str, Any], random: Random) -> dict[str, Any]:
    if "properties" not in schema:
        keys = named[schema["propertyNames"]["$ref"].rpartition("/")[2]]["enum"] if "propertyNames" in schema else []
        return {key: _value(schema["additionalProperties"], named, random) for key in keys if random.random() < 0.7}
    required = set(schema.get("required", ()))
    if {"origin", "target"} <= required:
        # No direction leads from a platform to itself.
        origin, target = random.sample(named["Platform"]["enum"], 2)
        rest = {**schema, "required": [], "properties": _without(schema["properties"], "origin", "target")}
        return {**_object(rest, named, random), **_required(schema, named, random), "origin": origin, "target": target}
    return {
        name: "main" if name == "link" else _value(each, named, random)
        for name, each in schema["properties"].items()
        if name in required or random.random() < 0.7
    }


def _required(schema: dict[str, Any], named: dict[str, Any], random: Random) -> dict[str, Any]:
    return {name: _value(schema["properties"][name], named, random) for name in schema["required"]}


def _without(properties: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: each for name, each in properties.items() if name not in names}


def _text(schema: dict[str, Any], random: Random) -> str:
    if schema.get("format") == "date-time":
        return random.choice(DATES)
    most, least = schema.get("maxLength", 10_000), schema.get("minLength", 0)
    text = random.choice(ODD) if random.random() < 0.7 else random.choice(("x", "é", "ab ", "[(")) * most
    return (text or "x" * least)[:most]
