#!/usr/bin/env python3
"""Writes SQL that builds a database as the original left it, out of the catalogue facts alone.

usage: schema_build.py [--schema ../shared/facts/schema.json] [--drop-last N] [--add NAME] | psql -d DATABASE

For tests of the take-over: catalogue objects and rows of the migration tables are those of schema.json, function bodies
are stubs. --drop-last leaves out the last N migration names (an older Immich), --add appends one (a newer Immich).
"""
import argparse
import json
import pathlib
import re
import sys

# Enough for defaults and indexes to work; trigger functions do nothing.
STUB_BODIES = {
    "immich_uuid_v7": "SELECT gen_random_uuid()",
    "f_unaccent": "SELECT $1",
    "f_concat_ws": "SELECT array_to_string($2, $1)",
    "ll_to_earth_public": "SELECT public.ll_to_earth($1, $2)",
}
STUB_DEFAULTS = {"immich_uuid_v7": " DEFAULT clock_timestamp()"}
TRIGGER_STUB = "BEGIN RETURN NEW; END"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def function_sql(function: dict) -> str:
    name = function["name"]
    body = TRIGGER_STUB if function["returns"] == "trigger" else STUB_BODIES[name]
    strict = " STRICT" if function["strict"] else ""
    return (f"CREATE FUNCTION {name}({function['arguments']}{STUB_DEFAULTS.get(name, '')}) "
            f"RETURNS {function['returns']} LANGUAGE {function['language']} {function['volatility']} "
            f"PARALLEL {function['parallel']}{strict} AS $$ {body} $$;")


def table_sql(name: str, table: dict) -> list[str]:
    columns = []
    for column in table["columns"]:
        parts = [identifier(column["name"]), column["type"]]
        if column["default"]:
            parts.append("DEFAULT " + column["default"])
        if column.get("identity"):
            parts.append("GENERATED ALWAYS AS IDENTITY")
        if not column["nullable"]:
            parts.append("NOT NULL")
        columns.append(" ".join(parts))
    sql = [f"CREATE TABLE {identifier(name)} ({', '.join(columns)});"]
    sql += [f"COMMENT ON COLUMN {identifier(name)}.{identifier(column['name'])} IS {literal(column['comment'])};"
            for column in table["columns"] if column.get("comment")]
    definitions = {index["name"]: index["definition"] for index in table["indexes"]}
    keys = [(key["name"], "PRIMARY KEY", key["columns"]) for key in [table["primary_key"]] if key]
    keys += [(key["name"], "UNIQUE", key["columns"]) for key in table["unique_constraints"]]
    for key, kind, key_columns in keys:
        storage = re.search(r" WITH \(.*\)$", definitions[key])
        sql.append(f"ALTER TABLE {identifier(name)} ADD CONSTRAINT {identifier(key)} {kind} "
                   f"({', '.join(map(identifier, key_columns))}){storage.group(0) if storage else ''};")
    sql += [f"ALTER TABLE {identifier(name)} ADD CONSTRAINT {identifier(check['name'])} {check['definition']};"
            for check in table["check_constraints"]]
    sql += [index["definition"] + ";" for index in table["indexes"] if not index.get("backing_constraint")]
    return sql


def foreign_key_sql(name: str, key: dict) -> str:
    return (f"ALTER TABLE {identifier(name)} ADD CONSTRAINT {identifier(key['name'])} "
            f"FOREIGN KEY ({', '.join(map(identifier, key['columns']))}) "
            f"REFERENCES {identifier(key['references'])} ({', '.join(map(identifier, key['ref_columns']))}) "
            f"ON DELETE {key['on_delete']} ON UPDATE {key['on_update']};")


def sequence_sql(sequence: dict) -> list[str]:
    owner, made = sequence["owned_by"], sequence["owned_by"].replace(".", "_") + "_seq"
    assert owner.count(".") == 1, owner
    return [f"ALTER SEQUENCE {made} RENAME TO {sequence['name']};",
            f"ALTER SEQUENCE {sequence['name']} AS {sequence['type']};"]


def row_sql(facts: dict, drop_last: int, added: list[str]) -> list[str]:
    rows = facts["migrations"]["kysely_migrations"]
    rows = rows[:len(rows) - drop_last] + [{"name": name, "timestamp": "2026-12-31T00:00:00.000Z"} for name in added]
    sql = [f"INSERT INTO kysely_migrations VALUES ({literal(row['name'])}, {literal(row['timestamp'])});"
           for row in rows]
    sql += [f"INSERT INTO kysely_migrations_lock VALUES ({literal(row['id'])}, {row['is_locked']});"
            for row in facts["migrations"]["kysely_migrations_lock"]]
    for override in facts["migration_overrides"]:
        value = json.dumps({"type": override["type"], "name": override["name"].split("_", 1)[1], "sql": ""})
        sql.append(f"INSERT INTO migration_overrides VALUES ({literal(override['name'])}, {literal(value)});")
    return sql


def build(facts: dict, drop_last: int, added: list[str]) -> list[str]:
    sql = ["BEGIN;", "SET LOCAL client_min_messages = warning;", "SET LOCAL search_path = public;"]
    sql += [f"CREATE EXTENSION IF NOT EXISTS {identifier(extension['name'])} SCHEMA {extension['schema']} CASCADE;"
            for extension in facts["extensions"] if extension["name"] != "plpgsql"]
    for name, labels in facts["enums"].items():
        sql.append(f"CREATE TYPE {identifier(name)} AS ENUM ({', '.join(map(literal, labels))});")
    sql += [function_sql(function) for function in facts["functions"]]
    for name, table in facts["tables"].items():
        sql += table_sql(name, table)
    for sequence in facts["sequences"]:
        sql += sequence_sql(sequence)
    for name, table in facts["tables"].items():
        sql += [foreign_key_sql(name, key) for key in table["foreign_keys"]]
        sql += [trigger["definition"] + ";" for trigger in table["triggers"]]
    sql += row_sql(facts, drop_last, added)
    for entry in facts["database"]["alter_settings"]:
        for setting in entry["setconfig"]:
            key, value = setting.split("=", 1)
            sql.append(f"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {key} = {value}', current_database()); "
                       "END $$;")
    return sql + ["COMMIT;"]


def main() -> int:
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schema", type=pathlib.Path, default=root.parent / "shared/facts/schema.json")
    parser.add_argument("--drop-last", type=int, default=0, metavar="N")
    parser.add_argument("--add", action="append", default=[], metavar="NAME")
    arguments = parser.parse_args()
    facts = json.loads(arguments.schema.read_text(encoding="utf-8"))
    print("\n".join(build(facts, arguments.drop_last, arguments.add)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
