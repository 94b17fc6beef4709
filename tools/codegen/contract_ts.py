#!/usr/bin/env python3
"""Makes the TypeScript client of the web app from the contract.

usage: contract_ts.py API_FOLDER OUT_FOLDER

Writes types.ts, one file of functions per contract file, events.ts, client.ts (a copy of contract_client.ts) and
index.ts. Files whose content stays the same keep their time.
"""
import pathlib
import re
import sys

from contract_cpp import pascal
from contract_model import Contract, Field, Operation, Schema, Type, load_or_exit

BANNER = "// Generated from api/*.yaml by tools/codegen/contract_ts.py. Do not edit.\n"
PLAIN = {"integer": "number", "number": "number", "decimal": "number", "boolean": "boolean",
         "map": "Record<string, unknown>", "object": "Record<string, unknown>"}
IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*$")
HELPERS = ("RequestOptions", "formBody", "jsonBody", "sendForBlob", "sendForJson", "sendForNothing", "sendForResponse",
           "sendForText", "url", "urlencodedBody")
RESERVED = {"delete", "import", "export", "default", "new", "class", "function", "in", "for"}


def ts_type(kind: Type) -> str:
    if kind.kind == "scalar":
        text = "Blob" if kind.name == "binary" else "string"
    elif kind.kind == "ref":
        text = kind.name
    elif kind.kind == "array":
        item = ts_type(kind.item)
        text = f"({item})[]" if " " in item else f"{item}[]"
    elif kind.kind == "union":
        text = " | ".join(ts_type(option) for option in kind.options)
    else:
        text = PLAIN[kind.kind]
    return f"{text} | null" if kind.nullable else text


def key(name: str) -> str:
    return name if IDENTIFIER.match(name) else f"'{name}'"


def member(field: Field, indent: str) -> str:
    about = f"{indent}/** @deprecated */\n" if field.deprecated else ""
    return f"{about}{indent}{key(field.name)}{'' if field.required else '?'}: {ts_type(field.type)};\n"


def schema_text(schema: Schema) -> str:
    if schema.kind == "alias":
        return f"\nexport type {schema.name} = {schema.target};\n"
    if schema.kind == "enum":
        if isinstance(schema.values[0], int):
            return f"\nexport type {schema.name} = {' | '.join(map(str, schema.values))};\n"
        names = "".join(f"  {enum_key(value)}: '{value}',\n" for value in schema.values)
        return (f"\nexport const {schema.name} = {{\n{names}}} as const;\n"
                f"export type {schema.name} = (typeof {schema.name})[keyof typeof {schema.name}];\n")
    if not schema.fields:
        return f"\nexport type {schema.name} = Record<string, never>;\n"
    about = f"/** {schema.about} */\n" if schema.about else ""
    return f"\n{about}export interface {schema.name} {{\n{''.join(member(field, '  ') for field in schema.fields)}}}\n"


def enum_key(value: str) -> str:
    return value.capitalize() if value.isupper() else pascal(value)


def arguments(operation: Operation) -> str:
    """The one parameter: path, query and header values, and the body."""
    fields = sum((operation.params[where] for where in ("path", "query", "header")), [])
    parts = [f"{key(field.name)}{'' if field.required else '?'}: {ts_type(field.type)}" for field in fields]
    if operation.body:
        parts.append(f"body: {operation.body}")
    if not parts:
        return ""
    optional = not operation.body and not any(field.required for field in fields)
    return f"args: {{ {'; '.join(parts)} }}{' = {}' if optional else ''}"


def address(operation: Operation) -> str:
    path = re.sub(r"{(\w+)}", lambda match: f"${{encodeURIComponent(args.{match[1]})}}", operation.path)
    text = f"`{path}`" if "${" in path else f"'{path}'"
    query = ", ".join(f"{key(field.name)}: {access(field)}" for field in operation.params["query"])
    return f"url({text}, {{ {query} }})" if query else f"url({text})"


def access(field: Field) -> str:
    return f"args.{field.name}" if IDENTIFIER.match(field.name) else f"args['{field.name}']"


def result(operation: Operation) -> tuple[str, str]:
    """Return type and the sender that gives it."""
    main = operation.results[0]
    if main.kind == "json":
        return ts_type(main.type), f"sendForJson<{ts_type(main.type)}>"
    senders = {"binary": ("Blob", "sendForBlob"), "text": ("string", "sendForText"), "stream": ("Response", "sendForResponse")}
    return senders.get(main.kind, ("void", "sendForNothing"))


def has_address(operation: Operation) -> bool:
    return operation.body_kind == "multipart" or operation.verb == "GET" and operation.results[0].kind in ("binary", "text")


def function_text(operation: Operation) -> str:
    parameters, (returned, sender) = arguments(operation), result(operation)
    parts = [f"method: '{operation.verb}'", f"url: {address(operation)}"]
    if operation.params["header"]:
        parts.append(f"headers: {{ {', '.join(f'{key(field.name)}: {access(field)}' for field in operation.params['header'])} }}")
    if operation.body:
        maker = {"json": "jsonBody", "multipart": "formBody", "urlencoded": "urlencodedBody"}[operation.body_kind]
        parts.append(f"...{maker}(args.body)")
    name = operation.id + "_" * (operation.id in RESERVED)
    deprecated = "\n * @deprecated" if operation.state == "deprecated" else ""
    about = f"/**\n * {operation.about}{deprecated}\n */\n" if deprecated else f"/** {operation.about} */\n"
    text = (f"\n{about}export function {name}({parameters}{', ' * bool(parameters)}options?: RequestOptions): "
            f"Promise<{returned}> {{\n  return {sender}({{ {', '.join(parts)} }}, options);\n}}\n")
    if has_address(operation):
        fields = operation.params["path"] + operation.params["query"]
        inner = "; ".join(f"{key(field.name)}{'' if field.required else '?'}: {ts_type(field.type)}" for field in fields)
        optional = "" if any(field.required for field in fields) else " = {}"
        taken = f"args: {{ {inner} }}{optional}" if fields else ""
        text += f"\n/** Address of {name}. */\nexport function {name}Url({taken}): string {{\n  return {address(operation)};\n}}\n"
    return text


def functions_text(contract: Contract, file: str) -> str:
    body = "".join(function_text(one) for one in contract.operations if one.file == file)
    helpers = [name for name in HELPERS if re.search(rf"\b{name}\b(?!:)", body)]
    types = sorted(name for name in contract.schemas if re.search(rf"\b{name}\b", body))
    imports = f"import {{ {', '.join(f'type {name}' if name == 'RequestOptions' else name for name in helpers)} }} from './client';\n"
    if types:
        imports += f"import type {{ {', '.join(types)} }} from './types';\n"
    return BANNER + imports + body


def events_text(contract: Contract) -> str:
    names = sorted({event.payload.name for event in contract.events if event.payload and event.payload.kind == "ref"})
    rows = "".join(f"  /** {event.about} */\n  {event.name}: [{f'payload: {ts_type(event.payload)}' if event.payload else ''}];\n"
                   for event in contract.events)
    return (f"{BANNER}import type {{ {', '.join(names)} }} from './types';\n\n/** Arguments of the events the server sends. */\n"
            f"export interface ServerEvents {{\n{rows}}}\n")


def generate(contract: Contract) -> dict[str, str]:
    files = sorted({operation.file for operation in contract.operations})
    types = "".join(schema_text(schema) for schema in sorted(contract.schemas.values(), key=lambda one: one.name))
    # `server.ts` would be a name with a meaning for SvelteKit.
    out = {f"{file}_api.ts": functions_text(contract, file) for file in files}
    out["types.ts"] = BANNER + types
    out["events.ts"] = events_text(contract)
    out["client.ts"] = pathlib.Path(__file__).with_name("contract_client.ts").read_text(encoding="utf-8")
    exports = "".join(f"export * from './{name}';\n" for name in ["client", "events", "types", *(f"{file}_api" for file in files)])
    out["index.ts"] = BANNER + exports
    return out


def write_client(contract: Contract, folder: pathlib.Path) -> None:
    """Removes what is no longer generated."""
    out = generate(contract)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.ts"):
        if old.name not in out:
            old.unlink()
    for name, content in out.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    write_client(load_or_exit(sys.argv[1]), pathlib.Path(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
