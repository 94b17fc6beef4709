"""C++ names, types and literals for what the contract describes."""
import re

from contract_model import Contract, Field, Operation, Schema, Type, reach, type_names

KEYWORDS = {
    "and", "or", "not", "xor", "if", "else", "for", "while", "do", "switch", "case", "default", "break", "continue",
    "return", "class", "struct", "enum", "union", "template", "typename", "operator", "new", "delete", "this", "public",
    "private", "protected", "virtual", "const", "static", "inline", "int", "long", "short", "bool", "char", "double",
    "float", "void", "true", "false", "namespace", "using", "export", "import", "module", "register", "auto", "try",
    "catch", "throw", "signed", "unsigned", "explicit", "friend", "goto", "sizeof", "typedef", "volatile", "extern"}
# Texts that have a type of their own in C++; every other scalar is a std::string.
SCALAR_TYPES = {"uuid": "Uuid", "uuid7": "Uuid", "uuidAny": "Uuid", "datetime": "TimePoint", "timestamp": "TimePoint"}
PLAIN_TYPES = {"integer": "std::int64_t", "number": "double", "decimal": "double", "boolean": "bool",
               "map": "json::RawJson", "object": "json::RawJson"}


def words(name: str) -> list[str]:
    """Words of a camelCase, kebab-case, dotted or snake_case name."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", re.sub(r"[^A-Za-z0-9]+", " ", name))
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    return spaced.split()


def pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", name))


def snake(name: str) -> str:
    result = "_".join(word.lower() for word in words(name))
    return result + "_" if result in KEYWORDS else result


def enumerator(value) -> str:
    text = str(value)
    if text.isupper():
        return "k" + text.capitalize()
    return "k" + pascal(text)


def string_literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def base_type(kind: Type) -> str:
    """The C++ type of a value that is there and not null."""
    if kind.kind == "scalar":
        return SCALAR_TYPES.get(kind.name, "std::string")
    if kind.kind == "ref":
        return kind.name
    if kind.kind == "array":
        item = base_type(kind.item)
        return f"std::vector<{f'std::optional<{item}>' if kind.item.nullable else item}>"
    if kind.kind == "union":
        return f"std::variant<{', '.join(base_type(option) for option in kind.options)}>"
    return PLAIN_TYPES[kind.kind]


def field_shape(field: Field) -> str:
    """How a member may be missing: plain, nullable (null when empty), optional (omitted when empty), maybe (both)."""
    if field.has_default:
        return "nullable" if field.default is None else "plain"
    if field.required:
        return "nullable" if field.type.nullable else "plain"
    return "maybe" if field.type.nullable else "optional"


def field_type(field: Field) -> str:
    base = base_type(field.type)
    shape = field_shape(field)
    return {"plain": base, "maybe": f"json::Maybe<{base}>"}.get(shape, f"std::optional<{base}>")


def default_literal(contract: Contract, field: Field) -> str:
    value = field.default
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.type.kind == "ref":
        return f"{contract.resolve(field.type.name).name}::{enumerator(value)}"
    return string_literal(value) if isinstance(value, str) else str(value)


def initializer(contract: Contract, field: Field) -> str:
    """Required members of class type have none, so a designated initializer that forgets one is a warning."""
    if field.has_default and field.default is not None:
        return " = " + default_literal(contract, field) if field.default != "" else ""
    if field_shape(field) != "plain":
        return "{}"
    kind = field.type.kind
    if kind in ("integer", "number", "decimal"):
        return " = 0"
    if kind == "boolean":
        return " = false"
    if kind == "ref" and contract.resolve(field.type.name).kind == "enum":
        return "{}"
    return ""


def cpp_fields(schema: Schema) -> list[Field]:
    """Members that exist in C++: file parts of a form are streamed, never held."""
    return [field for field in schema.fields if not (field.type.kind == "scalar" and field.type.name == "binary")]


def operation_fields(operation: Operation) -> list[Field]:
    return sum((operation.params[where] for where in ("path", "query", "header")), [])


def read_schemas(contract: Contract) -> set:
    """What C++ reads: request bodies, and schemas marked `$read`."""
    names = {operation.body for operation in contract.operations if operation.body}
    return reach(contract, names | {schema.name for schema in contract.schemas.values() if schema.read})


def written_schemas(contract: Contract) -> set:
    """What C++ writes: all but what only requests carry, and schemas marked `$write`."""
    answers = {name for operation in contract.operations for result in operation.results if result.type
               for name in type_names(result.type)}
    answers |= {schema.name for schema in contract.schemas.values() if schema.write}
    requests = reach(contract, {operation.body for operation in contract.operations if operation.body})
    return reach(contract, answers) | (set(contract.schemas) - requests)


def route_literal(operation: Operation, indent: str) -> str:
    """Designated initializer of a Route; what equals the default is left out."""
    main = operation.results[0]
    access = "kPublic" if "public" in operation.access else "kAdmin" if "admin" in operation.access else "kUser"
    parts = [f'.operation_id = "{operation.id}"', f".verb = Verb::k{operation.verb.capitalize()}"]
    if operation.aliases:
        parts.append(f".alias = Verb::k{operation.aliases[0].capitalize()}")
    parts += [f'.pattern = "/api{operation.path}"', f".access = Access::{access}"]
    if operation.permission:
        parts.append(f".permission = Permission::{enumerator(operation.permission)}")
    for flag, on in (("any_key", "any-key" in operation.access), ("shared_link", "shared-link" in operation.access),
                     ("session_only", "session" in operation.access), ("deprecated", operation.state == "deprecated")):
        if on:
            parts.append(f".{flag} = true")
    if operation.body_kind:
        parts.append(f".body = BodyKind::k{operation.body_kind.capitalize()}")
    if main.kind != "empty":
        parts.append(f".response = ResponseKind::k{'Text' if main.kind == 'stream' else main.kind.capitalize()}")
    parts.append(f".status = {main.status}")
    if main.kind in ("text", "stream"):
        parts.append(f'.content_type = "{main.content_type}"')
    return "{" + (",\n" + indent).join(parts) + "}"
