#!/usr/bin/env python3
"""Compares a migrated database with the catalogue of the original.

usage: schema_diff.py --url URL [--schema ../shared/facts/schema.json]

Compared: the database's search path, extensions, enumerations, tables with their columns (order, type, nullability,
default, identity, comment), constraints, indexes, triggers, sequences, functions, views and the names in the original's
migration tables. Function bodies, the schema `plus` and triggers that call its functions are ours and are not compared.
Prints one line a difference; exit status 1 when there is one, 2 when the comparison cannot be made. Needs psql.
"""
import argparse
import json
import pathlib
import subprocess
import sys

# Returns one JSON document in the form of schema.json: only what is not part of an extension, only schema public.
CATALOG_SQL = r"""
WITH
extension_member AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
),
relation AS (
  SELECT oid, relname, relkind FROM pg_class
  WHERE relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM extension_member WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid)
),
columns AS (
  SELECT attrelid AS oid, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'name', attname, 'type', format_type(atttypid, atttypmod), 'nullable', NOT attnotnull,
      'default', pg_get_expr(adbin, adrelid), 'identity', nullif(attidentity, ''),
      'generated', nullif(attgenerated, ''), 'comment', col_description(attrelid, attnum))) ORDER BY attnum) AS list
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attnum > 0 AND NOT attisdropped GROUP BY attrelid
),
constraints AS (
  SELECT conrelid AS oid, contype, jsonb_agg(jsonb_build_object(
      'name', conname, 'definition', pg_get_constraintdef(oid), 'deferrable', condeferrable,
      'initially_deferred', condeferred, 'on_delete', confdeltype, 'on_update', confupdtype,
      'references', (SELECT relname FROM pg_class WHERE oid = confrelid),
      'columns', (SELECT jsonb_agg(attname ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key (num, place)
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = num),
      'ref_columns', (SELECT jsonb_agg(attname ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS key (num, place)
                      JOIN pg_attribute ON attrelid = confrelid AND attnum = num)) ORDER BY conname) AS list
  FROM pg_constraint GROUP BY conrelid, contype
),
indexes AS (
  SELECT indrelid AS oid, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'name', relname, 'definition', pg_get_indexdef(indexrelid), 'unique', indisunique, 'primary', indisprimary,
      'method', amname, 'predicate', pg_get_expr(indpred, indrelid), 'valid', indisvalid,
      'backing_constraint', (SELECT conname FROM pg_constraint
                             WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    )) ORDER BY relname) AS list
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam GROUP BY indrelid
),
triggers AS (
  SELECT tgrelid AS oid, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'name', tgname, 'definition', pg_get_triggerdef(pg_trigger.oid), 'function', proname,
      'old_table', tgoldtable, 'new_table', tgnewtable, 'enabled', tgenabled,
      'level', CASE WHEN tgtype & 1 > 0 THEN 'ROW' ELSE 'STATEMENT' END,
      'timing', CASE WHEN tgtype & 2 > 0 THEN 'BEFORE' WHEN tgtype & 64 > 0 THEN 'INSTEAD OF' ELSE 'AFTER' END,
      'events', array_remove(ARRAY[CASE WHEN tgtype & 4 > 0 THEN 'INSERT' END,
                                   CASE WHEN tgtype & 8 > 0 THEN 'DELETE' END,
                                   CASE WHEN tgtype & 16 > 0 THEN 'UPDATE' END,
                                   CASE WHEN tgtype & 32 > 0 THEN 'TRUNCATE' END], NULL))) ORDER BY tgname) AS list
  FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
  WHERE NOT tgisinternal AND pronamespace::regnamespace::text <> 'plus' GROUP BY tgrelid
)
SELECT jsonb_build_object(
  'search_path', (
    SELECT jsonb_agg(setting) FROM pg_db_role_setting, unnest(setconfig) AS setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())),
  'encoding', pg_encoding_to_char((SELECT encoding FROM pg_database WHERE datname = current_database())),
  'extensions', (SELECT jsonb_agg(jsonb_build_object('name', extname, 'schema', extnamespace::regnamespace::text))
                 FROM pg_extension),
  'enums', (SELECT jsonb_object_agg(typname, (
              SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid))
            FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace),
  'tables', (
    SELECT jsonb_object_agg(relname, jsonb_build_object(
      'columns', (SELECT list FROM columns WHERE columns.oid = relation.oid),
      'constraints', (SELECT jsonb_object_agg(contype, list) FROM constraints WHERE constraints.oid = relation.oid),
      'indexes', (SELECT list FROM indexes WHERE indexes.oid = relation.oid),
      'triggers', (SELECT list FROM triggers WHERE triggers.oid = relation.oid)))
    FROM relation WHERE relkind IN ('r', 'p')),
  'views', (SELECT coalesce(jsonb_agg(relname), '[]') FROM relation WHERE relkind IN ('v', 'm')),
  'sequences', (
    SELECT jsonb_agg(jsonb_build_object(
      'name', relname, 'type', format_type(seqtypid, NULL), 'start_value', seqstart, 'increment_by', seqincrement,
      'owned_by', (SELECT refobjid::regclass || '.' || attname FROM pg_depend
                   JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
                   WHERE pg_depend.objid = relation.oid AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i'))))
    FROM relation JOIN pg_sequence ON seqrelid = relation.oid),
  'functions', (
    SELECT jsonb_agg(jsonb_build_object(
      'name', proname, 'arguments', pg_get_function_identity_arguments(pg_proc.oid),
      'returns', prorettype::regtype::text,
      'language', lanname, 'volatility', provolatile, 'parallel', proparallel, 'strict', proisstrict))
    FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
    WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM extension_member WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid)),
  'other_schemas', (SELECT jsonb_agg(nspname) FROM pg_namespace
                    WHERE nspname !~ '^pg_|^information_schema$|^public$|^plus$'),
  'kysely_migrations', (SELECT jsonb_agg(name) FROM public.kysely_migrations),
  'kysely_migrations_lock', (SELECT jsonb_agg(jsonb_build_object('id', id, 'is_locked', is_locked))
                             FROM public.kysely_migrations_lock),
  'migration_overrides', (SELECT jsonb_agg(jsonb_build_object('name', name, 'type', value->>'type'))
                          FROM public.migration_overrides)
)
"""
FK_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
VOLATILITY = {"v": "VOLATILE", "s": "STABLE", "i": "IMMUTABLE"}
PARALLEL = {"u": "UNSAFE", "r": "RESTRICTED", "s": "SAFE"}
FOREIGN_KEY_FIELDS = ("columns", "references", "ref_columns", "on_delete", "on_update", "deferrable",
                      "initially_deferred")


def read_database(url: str) -> dict:
    """The catalogue as CATALOG_SQL returns it; search_path as in the facts, where `public` is not spelled out."""
    result = subprocess.run(
        ["psql", "--no-psqlrc", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", url],
        input="SET search_path = public;\n" + CATALOG_SQL, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(result.stderr.strip())
    return json.loads(result.stdout)


def by_name(items) -> dict:
    return {item["name"]: item for item in items or []}


def without_name(item: dict, fields) -> dict:
    return {field: item.get(field) for field in fields}


def normalise_actual(raw: dict) -> dict:
    """Database → {aspect: {object: description}}, the form that normalise_expected() makes of the facts."""
    out = {
        "database": {"search_path": raw["search_path"], "encoding": raw["encoding"],
                     "other schemas": raw["other_schemas"]},
        "extension": {name: item["schema"] for name, item in by_name(raw["extensions"]).items()},
        "enum": raw["enums"] or {},
        "view": {name: True for name in raw["views"]},
        "sequence": by_name(raw["sequences"]),
        "function": {f"{item['name']}({item['arguments']})": item | {
            "volatility": VOLATILITY[item["volatility"]], "parallel": PARALLEL[item["parallel"]]}
            for item in raw["functions"] or []},
        "table": {}, "column": {}, "column order": {}, "primary key": {}, "unique": {}, "check": {}, "foreign key": {},
        "other constraint": {}, "index": {}, "trigger": {},
        "kysely migration": {name: True for name in raw["kysely_migrations"] or []},
        "kysely lock": {item["id"]: item["is_locked"] for item in raw["kysely_migrations_lock"] or []},
        "migration override": {item["name"]: item["type"] for item in raw["migration_overrides"] or []},
    }
    for table, item in (raw["tables"] or {}).items():
        constraints = item["constraints"] or {}
        out["table"][table] = True
        out["column order"][table] = [column["name"] for column in item["columns"] or []]
        for name, column in by_name(item["columns"]).items():
            out["column"][f"{table}.{name}"] = without_name(
                column, ("type", "nullable", "default", "identity", "generated", "comment"))
        for name, key in by_name(constraints.pop("p", None)).items():
            out["primary key"][table] = {"name": name, "columns": key["columns"]}
        for name, key in by_name(constraints.pop("u", None)).items():
            out["unique"][f"{table}.{name}"] = without_name(key, ("columns", "definition"))
        for name, check in by_name(constraints.pop("c", None)).items():
            out["check"][f"{table}.{name}"] = check["definition"]
        for name, key in by_name(constraints.pop("f", None)).items():
            key = key | {"on_delete": FK_ACTIONS[key["on_delete"]], "on_update": FK_ACTIONS[key["on_update"]]}
            out["foreign key"][f"{table}.{name}"] = without_name(key, FOREIGN_KEY_FIELDS)
        for kind, rest in constraints.items():
            out["other constraint"].update({f"{table}.{name}": kind for name in by_name(rest)})
        for name, index in by_name(item["indexes"]).items():
            out["index"][f"{table}.{name}"] = without_name(
                index, ("definition", "unique", "primary", "method", "predicate", "backing_constraint", "valid"))
        for name, trigger in by_name(item["triggers"]).items():
            out["trigger"][f"{table}.{name}"] = without_name(
                trigger, ("definition", "timing", "level", "events", "function", "old_table", "new_table", "enabled"))
    return out


def normalise_expected(facts: dict) -> dict:
    settings = [setting for entry in facts["database"]["alter_settings"] for setting in entry["setconfig"]]
    out = {
        "database": {"search_path": settings, "encoding": facts["database"]["encoding"], "other schemas": None},
        "extension": {item["name"]: item["schema"] for item in facts["extensions"]},
        "enum": facts["enums"],
        "view": {view["name"] if isinstance(view, dict) else view: True for view in facts["views"]},
        "sequence": by_name(facts["sequences"]),
        "function": {f"{item['name']}({item['arguments']})": item for item in facts["functions"]},
        "table": {}, "column": {}, "column order": {}, "primary key": {}, "unique": {}, "check": {}, "foreign key": {},
        "other constraint": {}, "index": {}, "trigger": {},
        "kysely migration": {item["name"]: True for item in facts["migrations"]["kysely_migrations"]},
        "kysely lock": {item["id"]: item["is_locked"] for item in facts["migrations"]["kysely_migrations_lock"]},
        "migration override": {item["name"]: item["type"] for item in facts["migration_overrides"]},
    }
    for table, item in facts["tables"].items():
        out["table"][table] = True
        out["column order"][table] = [column["name"] for column in item["columns"]]
        for name, column in by_name(item["columns"]).items():
            out["column"][f"{table}.{name}"] = without_name(
                column, ("type", "nullable", "default", "identity", "generated", "comment"))
        if item["primary_key"]:
            out["primary key"][table] = item["primary_key"]
        for name, key in by_name(item["unique_constraints"]).items():
            out["unique"][f"{table}.{name}"] = without_name(key, ("columns", "definition"))
        for name, check in by_name(item["check_constraints"]).items():
            out["check"][f"{table}.{name}"] = check["definition"]
        for name, key in by_name(item["foreign_keys"]).items():
            out["foreign key"][f"{table}.{name}"] = without_name(key, FOREIGN_KEY_FIELDS)
        for name, index in by_name(item["indexes"]).items():
            out["index"][f"{table}.{name}"] = without_name(
                index | {"valid": True},
                ("definition", "unique", "primary", "method", "predicate", "backing_constraint", "valid"))
        for name, trigger in by_name(item["triggers"]).items():
            out["trigger"][f"{table}.{name}"] = without_name(
                trigger | {"enabled": "O"},
                ("definition", "timing", "level", "events", "function", "old_table", "new_table", "enabled"))
    return out


def compare(expected: dict, actual: dict) -> list[str]:
    lines = []
    for aspect in expected:
        want, have = expected[aspect], actual[aspect]
        lines += [f"missing {aspect}: {name}" for name in sorted(want.keys() - have.keys())]
        lines += [f"unexpected {aspect}: {name}" for name in sorted(have.keys() - want.keys())]
        for name in sorted(want.keys() & have.keys()):
            if want[name] == have[name]:
                continue
            if isinstance(want[name], dict):
                lines += [f"{aspect} {name}: {field} is {have[name].get(field)!r}, expected {want[name][field]!r}"
                          for field in want[name] if want[name][field] != have[name].get(field)]
            else:
                lines.append(f"{aspect} {name}: is {have[name]!r}, expected {want[name]!r}")
    return lines


def main() -> int:
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="libpq connection string or URI of the migrated database")
    parser.add_argument("--schema", type=pathlib.Path, default=root.parent / "shared/facts/schema.json")
    arguments = parser.parse_args()
    try:
        expected = normalise_expected(json.loads(arguments.schema.read_text(encoding="utf-8")))
        actual = normalise_actual(read_database(arguments.url))
    except (OSError, RuntimeError, ValueError) as error:
        print(f"schema_diff: {error}", file=sys.stderr)
        return 2
    differences = compare(expected, actual)
    for line in differences:
        print(line)
    print(f"{len(differences)} differences", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
