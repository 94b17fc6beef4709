import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from './repo_paths.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: (string | number)[];
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  nullable?: boolean;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  minItems?: number;
}

export interface Operation {
  method: string;
  path: string;
  id: string;
  permission: string | undefined;
  adminOnly: boolean;
  public: boolean;
  parameters: Parameter[];
  bodyType: string | undefined;
  bodySchema: Schema | undefined;
  bodyRequired: boolean;
  statuses: number[];
  response: Schema | undefined;
}

interface OpenApi {
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Schema> };
}
type Json = any;

let loaded: OpenApi | undefined;

export function contract(): OpenApi {
  const folder = sharedFolder();
  if (!folder) {
    throw new Error('../shared/contract is absent');
  }
  loaded ??= JSON.parse(readFileSync(join(folder, 'contract/openapi-3.2.2.json'), 'utf8')) as OpenApi;
  return loaded;
}

export function resolveSchema(schema: Schema): Schema {
  if (schema.$ref) {
    return resolveSchema(contract().components.schemas[schema.$ref.split('/').at(-1)!]!);
  }
  if (schema.allOf?.length === 1) {
    return { ...resolveSchema(schema.allOf[0]!), ...(schema.nullable ? { nullable: true } : {}) };
  }
  return schema;
}

function operationOf(method: string, path: string, raw: Json): Operation {
  const content = raw.requestBody?.content ?? {};
  const bodyType = Object.keys(content)[0];
  const success = Object.entries<Json>(raw.responses).find(([status]) => status.startsWith('2'));
  return {
    method: method.toUpperCase(),
    path,
    id: raw.operationId,
    permission: raw['x-immich-permission'],
    adminOnly: raw['x-immich-admin-only'] === true,
    public: !raw.security,
    parameters: raw.parameters ?? [],
    bodyType,
    bodySchema: bodyType ? content[bodyType].schema : undefined,
    bodyRequired: raw.requestBody?.required === true,
    statuses: Object.keys(raw.responses).map(Number),
    response: success?.[1].content?.['application/json']?.schema,
  };
}

/** All operations of the contract, in its order. */
export function operations(): Operation[] {
  return Object.entries(contract().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operationOf(method, path, raw)),
  );
}

/** Differences between a value and a schema of the contract, as `path: what`. Unknown members are differences too. */
export function mismatches(value: unknown, declared: Schema, path = '$'): string[] {
  const schema = resolveSchema(declared);
  if (value === null) {
    return schema.nullable || declared.nullable ? [] : [`${path}: null`];
  }
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) {
    return variants.some((variant) => mismatches(value, variant, path).length === 0)
      ? []
      : [`${path}: fits no variant`];
  }
  if (schema.enum) {
    return schema.enum.includes(value as string)
      ? []
      : [`${path}: ${JSON.stringify(value)} is not one of ${schema.enum.join(', ').slice(0, 80)}`];
  }
  switch (schema.type) {
    case 'array': {
      return Array.isArray(value)
        ? value.flatMap((item, i) => mismatches(item, schema.items ?? {}, `${path}[${i}]`))
        : [`${path}: not an array`];
    }
    case 'object': {
      return objectMismatches(value, schema, path);
    }
    case 'string': {
      return stringMismatches(value, schema, path);
    }
    case 'integer': {
      return Number.isInteger(value) ? [] : [`${path}: ${JSON.stringify(value)} is not an integer`];
    }
    case 'number':
    case 'boolean': {
      return typeof value === schema.type ? [] : [`${path}: ${JSON.stringify(value)} is not a ${schema.type}`];
    }
    default: {
      return [];
    }
  }
}

function stringMismatches(value: unknown, schema: Schema, path: string): string[] {
  if (typeof value !== 'string') {
    return [`${path}: ${JSON.stringify(value)} is not a string`];
  }
  if (schema.pattern && !new RegExp(schema.pattern, "u").test(value)) {
    return [`${path}: ${JSON.stringify(value)} does not match ${schema.pattern.slice(0, 40)}`];
  }
  if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) {
    return [`${path}: ${JSON.stringify(value)} is not a date-time`];
  }
  return [];
}

function objectMismatches(value: unknown, schema: Schema, path: string): string[] {
  if (typeof value !== 'object' || Array.isArray(value)) {
    return [`${path}: not an object`];
  }
  const members = value as Record<string, unknown>;
  const missing = (schema.required ?? [])
    .filter((name) => !(name in members))
    .map((name) => `${path}.${name}: missing`);
  const wrong = Object.entries(members).flatMap(([name, member]) => {
    const property = schema.properties?.[name];
    if (property) {
      return mismatches(member, property, `${path}.${name}`);
    }
    return schema.properties && !schema.additionalProperties ? [`${path}.${name}: not in the contract`] : [];
  });
  return [...missing, ...wrong];
}

/** The declared answer of an operation, by its id. */
export function responseSchema(operationId: string): Schema {
  const schema = operations().find(({ id }) => id === operationId)?.response;
  if (!schema) {
    throw new Error(`the contract has no JSON answer for ${operationId}`);
  }
  return schema;
}
