"""Generated sources: one per contract file with Write, Read and Parse of what its headers declare."""
from contract_cpp import cpp_fields, field_shape, pascal, read_schemas, snake, string_literal, written_schemas
from contract_headers import BANNER, struct_order
from contract_model import SAFE_INTEGER, Contract, Field, Operation, Schema, Type

READERS = {"plain": "Required", "nullable": "Nullable", "optional": "Optional", "maybe": "OptionalNullable"}
WRITERS = {"plain": "WriteMember", "nullable": "WriteNullable", "optional": "WriteOptional", "maybe": "WriteMaybe"}


class Rules:
    """Constraint tables of one source, each written once."""

    def __init__(self, file: str) -> None:
        self.prefix = f"k{pascal(file)}Rule"  # unique, because several sources may be compiled as one
        self.names: dict[str, str] = {}

    def name(self, kind: Type) -> str:
        literal = self.literal(kind)
        if literal is None:
            return "kAny"
        if literal not in self.names:
            self.names[literal] = f"{self.prefix}{len(self.names) + 1}"
        return self.names[literal]

    def literal(self, kind: Type) -> str | None:
        parts = []
        if kind.kind == "scalar" and kind.name != "string":
            parts.append(f".scalar = Scalar::k{pascal(kind.name)}")
        if kind.kind == "array" and self.literal(kind.item) is not None:
            parts.append(f".item = &{self.name(kind.item)}")
        low, high = kind.low, kind.high
        if kind.kind == "integer":
            low, high = (None if low == -SAFE_INTEGER else low), (None if high == SAFE_INTEGER else high)
        if low is not None:
            parts.append(f".low = {low}")
        if kind.low_exclusive:
            parts.append(".low_exclusive = true")
        if high is not None:
            parts.append(f".high = {high}")
        return "{" + ", ".join(parts) + "}" if parts else None

    def text(self) -> str:
        return "".join(f"constexpr Rule {name}{literal};\n" for literal, name in self.names.items())


def reader_of(field: Field) -> str:
    return "Defaulted" if field.has_default and field_shape(field) == "plain" else \
        "NullDefaulted" if field.has_default else READERS[field_shape(field)]


def read_line(rules: Rules, field: Field, source: str, target: str) -> str:
    return (f"  {reader_of(field)}({source}, {string_literal(field.name)}, {rules.name(field.type)}, "
            f"{target}.{snake(field.name)});\n")


def read_text(rules: Rules, schema: Schema) -> str:
    fields = cpp_fields(schema)
    lines = [f"\nvoid Read(Reader& in, Node node, {schema.name}& out) {{\n"]
    if not fields:
        return "".join(lines) + "  ReadObject(in, node);\n}\n"
    lines.append("  const ObjectScope object(in, node);\n  if (!object) return;\n")
    lines += [read_line(rules, field, "object", "out") for field in fields]
    if schema.nonempty:
        lines.append("  object.RequireMember();\n")
    if schema.closed:
        names = ", ".join(string_literal(field.name) for field in fields)
        lines.append(f"  static constexpr std::string_view kKnown[] = {{{names}}};\n  object.RefuseOthers(kKnown);\n")
    return "".join(lines) + "}\n"


def member_lines(fields: list[Field], indent: str) -> list[str]:
    lines = []
    for field in fields:
        key = string_literal(f'"{field.name}":')
        lines.append(f"{indent}{WRITERS[field_shape(field)]}(out, {key}, value.{snake(field.name)});\n")
    return lines


def write_text(schema: Schema) -> str:
    fields = cpp_fields(schema)
    lines = [f"\nvoid Write(std::string& out, const {schema.name}&{' value' * bool(fields)}) {{\n  out.push_back('{{');\n"]
    if schema.brief:
        shown = [field for field in fields if field.name in schema.brief["members"]]
        lines += [f"  if (!value.{snake(schema.brief['unless'])}) {{\n", *member_lines(shown, "    "),
                  "    return json::EndObject(out);\n  }\n"]
    return "".join(lines + member_lines(fields, "  ")) + "  json::EndObject(out);\n}\n"


GROUPS = (("path", "kPath"), ("query", "kQuery"), ("header", "kHeader"))


def parse_text(rules: Rules, operation: Operation) -> str:
    name = pascal(operation.id)
    lines, uses_body = ["  Input out;\n"], operation.body_kind in ("json", "urlencoded")
    for group, where in GROUPS:
        if operation.params[group]:
            lines.append(f"  ParameterReader {group}(request, Where::{where});\n")
            lines += [read_line(rules, field, f"{group}.values()", "out") for field in operation.params[group]]
            lines.append(f"  {group}.Finish();\n")
    if uses_body:
        lines.append(f"  BodyReader content(BodyKind::k{operation.body_kind.capitalize()}, request, body);\n"
                     "  Read(content.reader(), content.root(), out.body);\n  content.Finish();\n")
    if len(lines) == 1:
        return f"\n{name}::Input {name}::Parse(const http::Request&, std::string_view) {{ return {{}}; }}\n"
    text = (f"\n{name}::Input {name}::Parse(const http::Request& request, std::string_view{' body' * uses_body}) {{\n"
            + "".join(lines) + "  return out;\n}\n")
    if operation.body_kind == "multipart":
        text += (f"\n{name}::Form {name}::ParseForm(const FormFields& fields) {{\n  Form out;\n"
                 "  BodyReader form(fields);\n  Read(form.reader(), form.root(), out);\n  form.Finish();\n  return out;\n}\n")
    return text


def file_source(contract: Contract, file: str) -> str:
    rules = Rules(file)
    schemas = [schema for schema in struct_order(contract, file) if schema.kind == "object"]
    operations = [one for one in contract.operations if one.file == file]
    read, written = read_schemas(contract), written_schemas(contract)
    body = [write_text(schema) for schema in schemas if schema.name in written]
    body += [read_text(rules, schema) for schema in schemas if schema.name in read]
    body += [parse_text(rules, operation) for operation in operations]
    headers = ([f'#include "api/{file}_types.hpp"\n'] if struct_order(contract, file) else []) + \
        ([f'#include "api/{file}_api.hpp"\n'] if operations else [])
    table = rules.text()
    reader = "request_reader" if operations else "contract_reader"
    return "".join([BANNER, *sorted(headers), f'#include "api/codec/{reader}.hpp"\n',
                    '#include "api/codec/contract_writer.hpp"\n\nnamespace immich::api {\n',
                    f"namespace {{\n\n{table}\n}}  // namespace\n" if table else "", *body, "\n}  // namespace immich::api\n"])


ZOD_FORMATS = {"uuid": ("uuid", "UUID"), "date-time": ("datetime", "ISO datetime"), "date": ("date", "ISO date"),
               "email": ("email", "email address"), "uri": ("url", "URL")}


def scalar_header(contract: Contract) -> str:
    names = "".join(f"  k{pascal(name)},\n" for name in contract.scalars)
    return ("#pragma once\n" + BANNER + "#include <cstdint>\n#include <string_view>\n\nnamespace immich::api {\n\n"
            "/// The named texts of api/scalars.yaml.\nenum class Scalar : std::uint8_t {\n" + names + "};\n\n"
            "/// What a validation issue says about a text that does not match.\nstruct ScalarInfo {\n"
            "  std::string_view format;\n  std::string_view label;\n  std::string_view pattern;\n};\n"
            "ScalarInfo InfoOf(Scalar scalar);\n\n}  // namespace immich::api\n")


def scalar_source(contract: Contract) -> str:
    date = contract.scalars["date"]["pattern"]
    rows = []
    for name, entry in contract.scalars.items():
        zod, label = ZOD_FORMATS.get(entry.get("format", ""), ("regex", "") if "pattern" in entry else ("", ""))
        pattern = entry.get("pattern", date if name == "day" else "")
        shown = f"/{pattern}/{'u' if name == 'email' else ''}" if pattern else ""
        rows.append(f'      {{"{zod}", "{label}", R"pattern({shown})pattern"}},\n')
    return (BANNER + '#include "api/scalars.hpp"\n\n#include <iterator>\n\nnamespace immich::api {\n\n'
            "ScalarInfo InfoOf(Scalar scalar) {\n  static constexpr ScalarInfo kInfo[] = {\n" + "".join(rows) +
            "  };\n  return kInfo[static_cast<std::size_t>(scalar)];\n}\n\n}  // namespace immich::api\n")
