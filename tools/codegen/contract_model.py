"""Reads the contract in api/*.yaml (format: api/README.md) into plain objects for the generators and checks."""
import dataclasses
import pathlib
import re
import sys

import yaml

SAFE_INTEGER = 9007199254740991  # Number.MAX_SAFE_INTEGER: JSON numbers beyond it lose digits in JavaScript.
NUMERIC = {"integer", "number", "decimal"}
PLAIN = NUMERIC | {"boolean", "map", "object"}
ACCESS = {"public", "admin", "shared-link", "session", "any-key"}
STATES = {"stable", "alpha", "beta", "internal", "deprecated", "none"}
BODY_KINDS = {"json", "multipart", "urlencoded"}


class ContractError(Exception):
    """The contract is not well formed; the text names file and place."""


@dataclasses.dataclass
class Type:
    kind: str  # scalar, ref, array, union, or one of PLAIN
    name: str = ""  # of a scalar or schema
    low: float | int | None = None  # numbers: value; strings: length; arrays: items
    high: float | int | None = None
    low_exclusive: bool = False
    item: "Type | None" = None
    options: list["Type"] = dataclasses.field(default_factory=list)
    nullable: bool = False


@dataclasses.dataclass
class Field:
    name: str
    type: Type
    required: bool
    has_default: bool = False
    default: object = None
    deprecated: bool = False


@dataclasses.dataclass
class Schema:
    name: str
    file: str
    kind: str  # object, enum, alias
    fields: list[Field] = dataclasses.field(default_factory=list)
    values: list = dataclasses.field(default_factory=list)
    target: str = ""  # of an alias
    about: str = ""
    closed: bool = False  # unknown members are an error
    inline: bool = False  # has no name of its own on the wire
    nonempty: bool = False  # at least one member
    brief: dict = dataclasses.field(default_factory=dict)  # unless: a boolean member; members: what is written without it
    read: bool = False  # C++ reads it although no request carries it
    write: bool = False  # C++ writes it although no answer carries it


@dataclasses.dataclass
class Result:
    status: int
    kind: str  # empty, json, binary, text, stream (a text the published specification does not mention)
    type: Type | None = None
    content_type: str = ""


@dataclasses.dataclass
class Operation:
    id: str
    file: str
    tag: str
    verb: str
    path: str
    about: str
    access: set
    permission: str
    state: str
    aliases: list
    params: dict  # path, query, header -> list of Field
    body_kind: str
    body: str
    results: list


@dataclasses.dataclass
class Event:
    name: str
    about: str
    to: str
    payload: Type | None


@dataclasses.dataclass
class Contract:
    scalars: dict
    schemas: dict
    operations: list
    events: list
    tags: dict  # file stem -> tag

    def resolve(self, name: str) -> Schema:
        schema = self.schemas[name]
        return self.resolve(schema.target) if schema.kind == "alias" else schema


RANGE = re.compile(r"(?P<low>-?[\d.]*?\d)?(?P<ex><)?\.\.(?P<high>-?[\d.]*\d)?$")
ARRAY = re.compile(r"(?P<item>.*)\[(?P<range>[^\[\]]*)\]$", re.S)
ATOM = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9]*)(\((?P<range>[^()]*)\))?$")


def parse_number(text):
    return None if text is None else float(text) if "." in text else int(text)


def parse_range(text: str):
    match = RANGE.match(text)
    if not match or match["low"] is None and match["high"] is None:
        raise ContractError(f"'{text}' is no range (low..high)")
    return parse_number(match["low"]), parse_number(match["high"]), bool(match["ex"])


def parse_type(text: str, scalars: dict) -> Type:
    text = text.strip()
    if text.endswith("| null"):
        inner = parse_type(text[: -len("| null")], scalars)
        inner.nullable = True
        return inner
    array = ARRAY.match(text)
    if array:
        item = array["item"]
        result = Type("array", item=parse_type(item[1:-1] if item.startswith("(") else item, scalars))
        if array["range"]:
            result.low, result.high, _ = parse_range(array["range"])
        return result
    if " or " in text:
        return Type("union", options=[parse_type(part, scalars) for part in text.split(" or ")])
    atom = ATOM.match(text)
    if not atom:
        raise ContractError(f"'{text}' is no type")
    name = atom["name"]
    kind = name if name in PLAIN else "scalar" if name in scalars else "ref"
    result = Type(kind, name=name)
    if atom["range"]:
        result.low, result.high, result.low_exclusive = parse_range(atom["range"])
    if kind == "integer":
        result.low = -SAFE_INTEGER if result.low is None else result.low
        result.high = SAFE_INTEGER if result.high is None else result.high
    return result


def parse_default(text: str, kind: Type):
    if text == "null":
        return None
    if text in ("true", "false"):
        return text == "true"
    if kind.kind in NUMERIC:
        return parse_number(text)
    return "" if text == '""' else text


def parse_field(name: str, text: str, scalars: dict) -> Field:
    required = not name.endswith("?")
    words, deprecated = text, False
    if words.endswith(" deprecated"):
        words, deprecated = words[: -len(" deprecated")], True
    type_text, has_default, default_text = words.partition(" = ")
    result = Field(name.rstrip("?"), parse_type(type_text, scalars), required, deprecated=deprecated)
    if has_default:
        if required:
            raise ContractError(f"{name}: a member with a default is optional (write {name}?)")
        result.has_default, result.default = True, parse_default(default_text.strip(), result.type)
    return result


def parse_schema(name: str, body: dict, file: str, scalars: dict) -> Schema:
    if "enum" in body:
        values = [int(v) if v.lstrip("-").isdigit() else v for v in body["enum"]]
        return Schema(name, file, "enum", values=values, about=body.get("$about", ""))
    if "$alias" in body:
        return Schema(name, file, "alias", target=body["$alias"])
    schema = Schema(name, file, "object")
    for key, value in (body or {}).items():
        if key in ("$about", "$brief"):
            setattr(schema, key[1:], value)
        elif key.startswith("$"):
            if key not in ("$closed", "$inline", "$nonempty", "$read", "$write"):
                raise ContractError(f"unknown attribute {key}")
            setattr(schema, key[1:], value == "true")
        else:
            schema.fields.append(parse_field(key, value, scalars))
    unknown = {*schema.brief.get("members", []), *schema.brief.get("unless", "").split()} - {one.name for one in schema.fields}
    if unknown:
        raise ContractError(f"$brief names unknown members {sorted(unknown)}")
    return schema


def parse_result(text: str, scalars: dict) -> Result:
    status, _, rest = text.partition(" ")
    if not rest:
        return Result(int(status), "empty")
    if rest == "binary":
        return Result(int(status), "binary", content_type="application/octet-stream")
    kind, _, content_type = rest.partition(" ")
    if kind in ("text", "stream") and content_type:
        return Result(int(status), kind, content_type=content_type)
    return Result(int(status), "json", parse_type(rest, scalars), "application/json")


def as_list(value) -> list:
    return value if isinstance(value, list) else [value] if value else []


OPERATION_KEYS = {"route", "about", "aliases", "access", "permission", "state", "path", "query", "header", "body", "returns"}


def parse_operation(name: str, body: dict, file: str, tag: str, scalars: dict) -> Operation:
    unknown = set(body) - OPERATION_KEYS
    if unknown:
        raise ContractError(f"unknown keys {sorted(unknown)}")
    verb, _, path = body["route"].partition(" ")
    kind, _, schema = body["body"].rpartition(" ") if "body" in body else ("", "", "")
    params = {where: [parse_field(key, value, scalars) for key, value in body.get(where, {}).items()]
              for where in ("path", "query", "header")}
    operation = Operation(name, file, tag, verb, path, body["about"], set(as_list(body.get("access"))),
                          body.get("permission", ""), body.get("state", "stable"), as_list(body.get("aliases")), params,
                          kind or ("json" if schema else ""), schema,
                          [parse_result(text, scalars) for text in as_list(body["returns"])])
    check_operation(operation)
    return operation


def check_operation(operation: Operation) -> None:
    if operation.access - ACCESS or operation.state not in STATES:
        raise ContractError(f"access {sorted(operation.access)} or state {operation.state} is unknown")
    if operation.body_kind and operation.body_kind not in BODY_KINDS:
        raise ContractError(f"body kind {operation.body_kind} is unknown")
    declared = [field.name for field in operation.params["path"]]
    if sorted(declared) != sorted(re.findall(r"{(\w+)}", operation.path)):
        raise ContractError(f"path parameters {declared} do not fit {operation.path}")


def type_names(kind: Type):
    """Names of the schemas a type refers to."""
    if kind.kind == "ref":
        yield kind.name
    for inner in ([kind.item] if kind.item else []) + kind.options:
        yield from type_names(inner)


def reach(contract: Contract, names) -> set:
    """The schemas named, and all they refer to."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            schema = contract.schemas[name]
            waiting += [schema.target] if schema.kind == "alias" else []
            waiting += [one for field in schema.fields for one in type_names(field.type)]
    return found


def check_references(contract: Contract) -> None:
    for schema in contract.schemas.values():
        for field in schema.fields:
            for name in type_names(field.type):
                if name not in contract.schemas:
                    raise ContractError(f"{schema.file}.yaml: {schema.name}.{field.name}: no schema {name}")
    for operation in contract.operations:
        names = [operation.body] if operation.body else []
        for field in sum(operation.params.values(), []):
            names += type_names(field.type)
        for result in operation.results:
            names += type_names(result.type) if result.type else []
        for name in names:
            if name not in contract.schemas:
                raise ContractError(f"{operation.file}.yaml: {operation.id}: no schema {name}")
        if operation.permission and operation.permission not in contract.schemas["Permission"].values:
            raise ContractError(f"{operation.file}.yaml: {operation.id}: no permission {operation.permission}")


def load_file(contract: Contract, path: pathlib.Path) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) or {}
    tag = data.get("tag", "")
    if tag:
        contract.tags[path.stem] = tag
    where = ""
    try:
        for where, body in (data.get("schemas") or {}).items():
            if where in contract.schemas:
                raise ContractError("schema exists already")
            contract.schemas[where] = parse_schema(where, body or {}, path.stem, contract.scalars)
        for where, body in (data.get("operations") or {}).items():
            contract.operations.append(parse_operation(where, body, path.stem, tag, contract.scalars))
        for where, body in (data.get("events") or {}).items():
            payload = parse_type(body["payload"], contract.scalars) if "payload" in body else None
            contract.events.append(Event(where, body["about"], body["to"], payload))
    except (ContractError, KeyError, ValueError) as error:
        raise ContractError(f"{path.name}: {where}: {error}") from error


def load_contract(folder: pathlib.Path) -> Contract:
    scalars = yaml.load((folder / "scalars.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)["scalars"]
    contract = Contract(scalars, {}, [], [], {})
    for path in sorted(folder.glob("*.yaml")):
        if path.stem != "scalars":
            load_file(contract, path)
    check_references(contract)
    return contract


def load_or_exit(folder: str) -> Contract:
    try:
        return load_contract(pathlib.Path(folder))
    except ContractError as error:
        sys.exit(f"contract: {error}")
