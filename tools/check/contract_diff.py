#!/usr/bin/env python3
"""Compares the contract in api/ with the published specification, both ways.

usage: contract_diff.py [SPECIFICATION.json]

The specification defaults to ../shared/contract/openapi-3.2.2.json; without it the check is skipped (status 77). Both sides are
brought into one plain form and every difference is a line `place: ours … theirs …`. Differences we chose are listed with
their reason in tools/check/contract_allowed.yaml; an entry there that is no longer needed is an error too.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "codegen"))

import yaml  # noqa: E402

from contract_model import SAFE_INTEGER, Contract, Field, Operation, Schema, Type, load_or_exit  # noqa: E402

SECURITY = [{"bearer": []}, {"cookie": []}, {"api_key": []}]
BODY_TYPES = {"json": "application/json", "multipart": "multipart/form-data",
              "urlencoded": "application/x-www-form-urlencoded"}


def ours_type(contract: Contract, kind: Type) -> dict:
    """A type of api/ as the specification writes it."""
    if kind.kind == "ref":
        schema = contract.schemas[kind.name]
        result = ours_schema(contract, schema) if schema.inline else {"$ref": kind.name}
    elif kind.kind == "array":
        result = {"type": "array", "items": ours_type(contract, kind.item), "minItems": kind.low, "maxItems": kind.high}
    elif kind.kind == "union":
        result = {"anyOf": [ours_type(contract, option) for option in kind.options]}
    elif kind.kind == "scalar":
        result = {**contract.scalars[kind.name], "minLength": kind.low, "maxLength": kind.high}
    elif kind.kind == "map":
        result = {"type": "object", "additionalProperties": {}}
    elif kind.kind == "object":
        result = {"type": "object", "properties": {}}
    elif kind.kind == "boolean":
        result = {"type": "boolean"}
    else:
        result = {"type": "integer" if kind.kind == "integer" else "number", "minimum": kind.low, "maximum": kind.high,
                  "exclusiveMinimum": kind.low_exclusive or None, "format": "double" if kind.kind == "number" else None}
    result["nullable"] = kind.nullable or None
    return {key: value for key, value in result.items() if value is not None}


def ours_field(contract: Contract, field: Field) -> dict:
    result = ours_type(contract, field.type)
    if field.has_default:
        result["default"] = field.default
    if field.deprecated:
        result["deprecated"] = True
    return result


def ours_schema(contract: Contract, schema: Schema) -> dict:
    if schema.kind == "alias":
        return {"$ref": schema.target}
    if schema.kind == "enum":
        return {"type": "integer" if isinstance(schema.values[0], int) else "string", "enum": schema.values}
    result = {"type": "object", "properties": {one.name: ours_field(contract, one) for one in schema.fields},
              "required": sorted(one.name for one in schema.fields if one.required)}
    if schema.closed:
        result["additionalProperties"] = False
    return result


def ours_operation(contract: Contract, operation: Operation) -> dict:
    parameters = {f"{where} {field.name}": {"required": field.required, **ours_field(contract, field)}
                  for where, fields in operation.params.items() for field in fields}
    responses = {str(one.status): {} if one.kind in ("empty", "stream") else
                 {"content": {one.content_type: ours_result(contract, one)}} for one in operation.results}
    result = {"operationId": operation.id, "tag": operation.tag, "permission": operation.permission or None,
              "state": operation.state, "admin": "admin" in operation.access, "public": "public" in operation.access,
              "sharedLink": "shared-link" in operation.access, "parameters": parameters, "responses": responses}
    if operation.body:
        result["body"] = {BODY_TYPES[operation.body_kind]: operation.body}
    return result


def ours_result(contract: Contract, result) -> dict:
    if result.kind == "json":
        return ours_type(contract, result.type)
    return {"type": "string", "format": "binary"} if result.kind == "binary" else {"type": "string"}


def theirs_type(schema: dict) -> dict:
    """Drops history, and the wrapper that makes a reference nullable; state becomes `deprecated`."""
    result = {}
    for key, value in schema.items():
        if key == "allOf":
            result |= theirs_type(value[0])
        elif key == "$ref":
            result[key] = value.rsplit("/", 1)[1]
        elif key == "items" or key == "additionalProperties" and isinstance(value, dict):
            result[key] = theirs_type(value)
        elif key == "anyOf":
            result[key] = [theirs_type(one) for one in value]
        elif key == "properties":
            result[key] = {name: theirs_type(one) for name, one in value.items()}
        elif key == "required":
            result[key] = sorted(value)
        elif not key.startswith("x-"):
            result[key] = value
    if schema.get("x-immich-state") == "Deprecated":
        result["deprecated"] = True
    if "properties" in result:
        result.setdefault("required", [])
    # A free-form object may be written either way; `properties: {}` beside `additionalProperties` says nothing more.
    if result.get("additionalProperties") == {}:
        result.pop("properties", None), result.pop("required", None)
    elif result.get("properties") == {} and "additionalProperties" not in result:
        result.pop("required", None)
    return result


def theirs_parameter(parameter: dict) -> dict:
    outer = {key: value for key, value in parameter.items() if key.startswith("x-") or key == "deprecated"}
    return {"required": parameter["required"], **theirs_type({**parameter["schema"], **outer})}


def theirs_operation(operation: dict) -> dict:
    parameters = {f"{one['in']} {one['name']}": theirs_parameter(one) for one in operation.get("parameters", [])}
    responses = {}
    for status, response in operation["responses"].items():
        content = {kind: theirs_type(one["schema"]) for kind, one in response.get("content", {}).items()}
        responses[status] = {"content": content} if content else {}
    state = operation.get("x-immich-state", "none").lower()
    result = {"operationId": operation["operationId"], "tag": operation["tags"][0],
              "permission": operation.get("x-immich-permission"), "state": state,
              "admin": operation.get("x-immich-admin-only", False), "public": "security" not in operation,
              "sharedLink": {"query key", "query slug"} <= set(parameters), "parameters": parameters, "responses": responses}
    if "requestBody" in operation:
        result["body"] = {kind: one["schema"]["$ref"].rsplit("/", 1)[1]
                          for kind, one in operation["requestBody"]["content"].items()}
    return result


def check_specification(specification: dict) -> list[str]:
    """What theirs_operation takes for granted."""
    lines = []
    for path, methods in specification["paths"].items():
        for method, operation in methods.items():
            deprecated = operation.get("x-immich-state") == "Deprecated"
            if operation.get("security", SECURITY) != SECURITY or operation.get("deprecated", False) != deprecated or \
                    ("Deprecated" in operation["tags"][1:]) != deprecated or \
                    not operation.get("requestBody", {"required": True})["required"]:
                lines.append(f"{method} {path}: the specification says something this check does not compare")
    return lines


def flatten(value, place: str, out: dict) -> None:
    """Leaves by place; an empty container is a leaf, so that its presence counts."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            flatten(inner, f"{place} > {key}", out)
    else:
        out[place] = value


def normal_schema(schema: dict) -> dict:
    """A named object without members is the same with and without an empty `properties`."""
    return {"type": "object", "properties": {}, "required": []} if schema == {"type": "object", "properties": {}} or \
        schema == {"type": "object"} else schema


def both_sides(contract: Contract, specification: dict) -> tuple[dict, dict]:
    ours, theirs = {}, {}
    for operation in contract.operations:
        flatten(ours_operation(contract, operation), f"{operation.verb} {operation.path}", ours)
    for schema in contract.schemas.values():
        if not schema.inline:
            flatten(normal_schema(ours_schema(contract, schema)), f"schema {schema.name}", ours)
    for path, methods in specification["paths"].items():
        for method, operation in methods.items():
            flatten(theirs_operation(operation), f"{method.upper()} {path}", theirs)
    for name, schema in specification["components"]["schemas"].items():
        flatten(normal_schema(theirs_type(schema)), f"schema {name}", theirs)
    return ours, theirs


def main() -> int:
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "contract" / "openapi-3.2.2.json"
    if not path.exists():
        print(f"contract: skipped, {path.name} is not here")
        return 77
    specification = json.loads(path.read_text(encoding="utf-8"))
    contract = load_or_exit(str(ROOT / "api"))
    ours, theirs = both_sides(contract, specification)
    allowed = yaml.safe_load((ROOT / "tools" / "check" / "contract_allowed.yaml").read_text(encoding="utf-8")) or {}
    lines, used = check_specification(specification), set()
    for place in sorted(ours.keys() | theirs.keys()):
        if place in ours and place in theirs and ours[place] == theirs[place]:
            continue
        reason = next((prefix for prefix in allowed if place == prefix or place.startswith(prefix + " > ")), None)
        if reason:
            used.add(reason)
        else:
            lines.append(f"{place}: ours {json.dumps(ours.get(place, '-'))} theirs {json.dumps(theirs.get(place, '-'))}")
    lines += [f"{place}: listed in contract_allowed.yaml without a difference" for place in allowed if place not in used]
    print("\n".join(lines + [f"contract: {len(theirs)} facts, {len(lines)} differences, {len(used)} deviations allowed"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
