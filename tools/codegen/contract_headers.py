"""Generated headers: enums, structs by contract file, operations by tag, websocket events."""
from contract_cpp import (base_type, cpp_fields, enumerator, field_type, initializer, operation_fields, pascal,
                          read_schemas, route_literal, snake, written_schemas)
from contract_model import Contract, ContractError, Operation, Schema, type_names

BANNER = "// Generated from api/*.yaml by tools/codegen/contract_gen.py. Do not edit.\n"


def file_of(contract: Contract, name: str) -> str:
    """The contract file whose types header declares a schema; enums are all in one."""
    schema = contract.schemas[name]
    return "enums" if schema.kind == "enum" else schema.file


def enums_header(contract: Contract) -> str:
    lines = ["#pragma once\n", BANNER, '#include "api/codec/contract_enum.hpp"\n\nnamespace immich::api {\n']
    for schema in sorted(contract.schemas.values(), key=lambda one: one.name):
        if schema.kind != "enum":
            continue
        size = "std::uint8_t" if len(schema.values) < 256 else "std::uint16_t"
        lines.append(f"\nenum class {schema.name} : {size} {{\n")
        lines += [f"  {enumerator(value)},\n" for value in schema.values]
        lines.append(f"}};\nEnumTable TableOf({schema.name});\n")
    names = ",\n                          ".join(sorted(one.name for one in contract.schemas.values() if one.kind == "enum"))
    lines.append(f"\nusing AllEnums = EnumList<{names}>;\n")
    return "".join(lines) + "\n}  // namespace immich::api\n"


def enums_source(contract: Contract) -> str:
    lines = [BANNER, '#include "api/enums.hpp"\n\nnamespace immich::api {\n']
    for schema in sorted(contract.schemas.values(), key=lambda one: one.name):
        if schema.kind != "enum":
            continue
        numeric = all(isinstance(value, int) for value in schema.values)
        names = ",\n    ".join(f'"{value}"' for value in schema.values)
        lines.append(f"\nEnumTable TableOf({schema.name}) {{\n  static constexpr std::string_view kNames[] = {{\n"
                     f"    {names}}};\n  return {{kNames, {str(numeric).lower()}}};\n}}\n")
    return "".join(lines) + "\n}  // namespace immich::api\n"


def struct_order(contract: Contract, file: str) -> list[Schema]:
    """Structs of one file, each after those it holds by value."""
    done, order, active = set(), [], set()

    def visit(schema: Schema) -> None:
        if schema.name in done or schema.file != file or schema.kind == "enum":
            return
        if schema.name in active:
            raise ContractError(f"{schema.name} holds itself")
        active.add(schema.name)
        needed = [schema.target] if schema.kind == "alias" else []
        for field in schema.fields:
            needed += type_names(field.type)
        for name in needed:
            visit(contract.schemas[name])
        done.add(schema.name)
        order.append(schema)

    for schema in contract.schemas.values():
        visit(schema)
    return order


def include_files(contract: Contract, names) -> list[str]:
    files = {file_of(contract, name) for name in names}
    return [f'#include "api/{"enums" if file == "enums" else file + "_types"}.hpp"\n' for file in sorted(files)]


def struct_text(contract: Contract, schema: Schema) -> str:
    if schema.kind == "alias":
        return f"\nusing {schema.name} = {schema.target};\n"
    about = f"/// {schema.about}\n" if schema.about else ""
    lines = [f"\n{about}struct {schema.name} {{\n"]
    for field in cpp_fields(schema):
        lines.append(f"  {field_type(field)} {snake(field.name)}{initializer(contract, field)};\n")
    lines.append(f"  bool operator==(const {schema.name}&) const = default;\n" if cpp_fields(schema) else
                 f"  bool operator==(const {schema.name}&) const {{ return true; }}\n")
    return "".join(lines) + "};\n"


def types_header(contract: Contract, file: str) -> str | None:
    structs = struct_order(contract, file)
    if not structs:
        return None
    names = [name for schema in structs for field in schema.fields for name in type_names(field.type)]
    names += [schema.target for schema in structs if schema.kind == "alias"]
    others = [name for name in names if file_of(contract, name) != file]
    lines = ["#pragma once\n", BANNER, '#include "api/codec/contract_types.hpp"\n', *include_files(contract, others),
             "\nnamespace immich::api {\n", *[struct_text(contract, schema) for schema in structs],
             "\n// Write appends the JSON of a value. Read fills a value and notes an issue for everything that breaks the contract.\n"]
    read, written = read_schemas(contract), written_schemas(contract)
    for schema in structs:
        if schema.kind == "object" and schema.name in written:
            lines.append(f"void Write(std::string& out, const {schema.name}& value);\n")
        if schema.kind == "object" and schema.name in read:
            lines.append(f"void Read(Reader& in, Node node, {schema.name}& out);\n")
    return "".join(lines) + "\n}  // namespace immich::api\n"


def check_include_cycles(contract: Contract, files: list[str]) -> None:
    needs = {file: {file_of(contract, name) for schema in struct_order(contract, file)
                    for name in [schema.target] * (schema.kind == "alias") +
                    [one for field in schema.fields for one in type_names(field.type)]} - {file, "enums"}
             for file in files}
    done: set = set()
    while len(done) < len(needs):
        ready = {file for file in needs if file not in done and needs[file] <= done}
        if not ready:
            raise ContractError(f"contract files need each other's structs: {sorted(set(needs) - done)}")
        done |= ready


def operation_names(operation: Operation) -> list[str]:
    names = [operation.body] if operation.body else []
    for field in operation_fields(operation):
        names += type_names(field.type)
    for result in operation.results:
        names += type_names(result.type) if result.type else []
    return names


def operation_text(contract: Contract, operation: Operation) -> str:
    """One struct per operation: kRoute, Input with Parse, Output."""
    fields = operation_fields(operation)
    members = [f"    {field_type(field)} {snake(field.name)}{initializer(contract, field)};\n" for field in fields]
    if operation.body_kind in ("json", "urlencoded"):
        members.append(f"    {operation.body} body;\n")
    main = operation.results[0]
    output = base_type(main.type) if main.kind == "json" else "void"
    lines = [f"\n/// {operation.about}\nstruct {pascal(operation.id)} {{\n  static constexpr Route kRoute",
             route_literal(operation, " " * 6), ";\n",
             "  struct Input {\n" + "".join(members) + "  };\n" if members else "  struct Input {};\n",
             f"  using Output = {output};\n",
             "  static Input Parse(const http::Request& request, std::string_view body);\n"]
    if operation.body_kind == "multipart":
        lines.append(f"  using Form = {operation.body};\n  static Form ParseForm(const FormFields& fields);\n")
    return "".join(lines) + "};\n"


def operations_header(contract: Contract, file: str) -> str:
    operations = [one for one in contract.operations if one.file == file]
    names = [name for operation in operations for name in operation_names(operation)]
    own = [f'#include "api/{file}_types.hpp"\n'] if struct_order(contract, file) else []
    includes = sorted(set(own + include_files(contract, names)) - {'#include "api/enums.hpp"\n'})
    return "".join(["#pragma once\n", BANNER, '#include "api/codec/contract_writer.hpp"\n', *includes,
                    '#include "api/route.hpp"\n\nnamespace immich::api {\n',
                    *[operation_text(contract, operation) for operation in operations], "\n}  // namespace immich::api\n"])


def routes_source(contract: Contract) -> str:
    rows = ["    " + route_literal(operation, " " * 5) for operation in contract.operations]
    return "".join([BANNER, '#include "api/route.hpp"\n\nnamespace immich::api {\n\n',
                    "std::span<const Route> AllRoutes() {\n  static constexpr Route kRoutes[] = {\n", ",\n".join(rows),
                    "};\n  return kRoutes;\n}\n\n}  // namespace immich::api\n"])


def events_header(contract: Contract) -> str:
    names = [name for event in contract.events if event.payload for name in type_names(event.payload)]
    lines = ["#pragma once\n", BANNER, '#include "api/codec/contract_writer.hpp"\n',
             *[line for line in include_files(contract, names) if "enums" not in line],
             '\n/// Events sent over socket.io, with the room they go to.\nnamespace immich::api::events {\n',
             "\nenum class Room : std::uint8_t { kUser, kSession, kBroadcast, kSocket, kPrivate };\n"]
    for event in contract.events:
        payload = base_type(event.payload) if event.payload else "void"
        if event.payload and event.payload.kind == "ref":
            payload = "api::" + payload
        lines.append(f"\n/// {event.about}\nstruct {pascal(event.name)} {{\n"
                     f'  static constexpr std::string_view kName = "{event.name}";\n'
                     f"  static constexpr Room kRoom = Room::k{event.to.capitalize()};\n"
                     f"  using Payload = {payload};\n}};\n")
    return "".join(lines) + "\n}  // namespace immich::api::events\n"
