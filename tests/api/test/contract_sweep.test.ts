import { randomUUID } from 'node:crypto';
import { Permission } from '@immich/sdk';
import { describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { type Operation, operations, type Parameter, resolveSchema } from '../src/contract.ts';
import { Client, type Reply } from '../src/http_client.ts';
import { needsShared, sharedFolder } from '../src/repo_paths.ts';
import { createKey, createUser, type KeyedClient, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';

/** PATCH forms the original serves beside the PUT of its contract. */
const kPatchAliases = [
  '/assets',
  '/assets/{id}',
  '/api-keys/{id}',
  '/libraries/{id}',
  '/memories/{id}',
  '/people/{id}',
  '/sessions/{id}',
  '/stacks/{id}',
  '/tags/{id}',
  '/admin/users/{id}',
  '/admin/users/{id}/preferences',
  '/users/me',
  '/users/me/preferences',
  '/workflows/{id}',
];
/** Public routes that do something, or ask for their own kind of credential: only looked at for 404 and 500. */
const kOwnCredential = ['sharedLinkLogin', 'maintenanceLogin', 'startDatabaseRestoreFlow', 'logoutOAuth', 'login'];
/** Routes without a permission that any API key may use; all others without one need `all`. */
const kAnyKey = ['validateAccessToken', 'getMyApiKey', 'logout', 'getAuthStatus', 'getMySharedLink', 'sharedLinkLogin'];

const all = sharedFolder() ? operations() : [];

function parameterValue(parameter: Parameter, invalid: boolean): string {
  const schema = resolveSchema(parameter.schema);
  if (schema.enum) {
    return invalid ? 'nothing-of-the-kind' : String(schema.enum[0]);
  }
  if (schema.format === 'uuid') {
    return invalid ? 'not-a-uuid' : randomUUID();
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    return '1';
  }
  return parameter.name === 'filename' ? 'file.sql.gz' : 'value';
}

/** The path with its parameters filled in, `invalid` for the one named so. */
function fill(operation: Operation, invalid?: string): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((candidate) => candidate.in === 'path' && candidate.name === name);
    return parameter ? parameterValue(parameter, name === invalid) : 'value';
  });
}

/** A call as empty as the route allows: bodies are `{}` so that nothing is changed by accident. */
function call(client: Client, operation: Operation, invalid?: string, method = operation.method): Promise<Reply> {
  const json = operation.bodyType === 'application/json' ? {} : undefined;
  return client.send(method, fill(operation, invalid), { body: json, allow501: true });
}

describe.skipIf(all.length === 0)(`every operation of the contract${needsShared}`, () => {
  let admin: Session;
  let user: Session;
  let anyone: Client;
  const keys = new Map<string, KeyedClient>();
  const missing = new Set<string>();

  prepare(async () => {
    admin = sharedAdmin();
    user = await createUser(admin, 'sweep');
    anyone = new Client(admin.server);
    for (const permission of [Permission.ActivityCreate, Permission.ActivityRead]) {
      keys.set(permission, await createKey(admin, [permission]));
    }
  });

  const note = (operation: Operation, reply: Reply): boolean => {
    if (reply.status !== 501) {
      return false;
    }
    expect(reply.json.message, `${operation.method} ${operation.path} answers 501 with a message`).toEqual(
      expect.any(String),
    );
    missing.add(`${operation.method} ${operation.path}`);
    return true;
  };

  it('has 276 of them', () => {
    expect(all).toHaveLength(276);
  });

  it('answers strangers 401, or 403 and less where the route is public', async () => {
    const wrong: string[] = [];
    for (const operation of all) {
      const reply = await call(anyone, operation);
      if (note(operation, reply)) {
        continue;
      }
      if (operation.public) {
        const bad =
          reply.status >= 500 ||
          (reply.status === 401 && !kOwnCredential.includes(operation.id)) ||
          (reply.status === 404 && reply.text.includes('Cannot '));
        if (bad) {
          wrong.push(`${operation.method} ${operation.path}: public, but ${reply.summary}`);
        }
      } else if (reply.status !== 401 || reply.json.message !== 'Authentication required') {
        wrong.push(`${operation.method} ${operation.path}: ${reply.summary}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('names the permission an API key lacks', async () => {
    const wrong: string[] = [];
    for (const operation of all.filter((candidate) => !candidate.public)) {
      const permission =
        operation.permission === Permission.ActivityCreate ? Permission.ActivityRead : Permission.ActivityCreate;
      const reply = await call(keys.get(permission)!.client, operation);
      if (note(operation, reply)) {
        continue;
      }
      const expected = `Missing required permission: ${operation.permission ?? 'all'}`;
      const free = operation.permission === undefined && (kAnyKey.includes(operation.id) || reply.status < 500);
      if (!free && (reply.status !== 403 || reply.json.message !== expected)) {
        wrong.push(`${operation.method} ${operation.path}: ${reply.summary}, expected 403 ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('forbids admin routes to everybody else', async () => {
    const wrong: string[] = [];
    for (const operation of all.filter(({ adminOnly }) => adminOnly)) {
      const reply = await call(user.client, operation);
      if (!note(operation, reply) && (reply.status !== 403 || reply.json.message !== 'Forbidden')) {
        wrong.push(`${operation.method} ${operation.path}: ${reply.summary}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('refuses path parameters of the wrong form with the issue', async () => {
    const wrong: string[] = [];
    for (const operation of all) {
      for (const parameter of operation.parameters.filter(
        (candidate) => candidate.in === 'path' && resolveSchema(candidate.schema).format === 'uuid',
      )) {
        const session = operation.adminOnly ? admin : user;
        const reply = await call(session.client, operation, parameter.name);
        if (note(operation, reply)) {
          continue;
        }
        const issues: { path: unknown[]; format?: string }[] = reply.status === 400 ? (reply.json.errors ?? []) : [];
        if (
          reply.status !== 400 ||
          reply.json.message !== 'Validation failed' ||
          !issues.some((issue) => issue.path[0] === parameter.name && issue.format === 'uuid')
        ) {
          wrong.push(`${operation.method} ${operation.path} (${parameter.name}): ${reply.summary}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('refuses empty bodies where members are required', async () => {
    const wrong: string[] = [];
    for (const operation of all.filter(({ bodyType, bodySchema }) => bodyType === 'application/json' && bodySchema)) {
      const required = resolveSchema(operation.bodySchema!).required ?? [];
      if (required.length === 0 || kOwnCredential.slice(0, 2).includes(operation.id)) {
        continue;
      }
      const reply = await call(operation.adminOnly ? admin.client : user.client, operation);
      if (note(operation, reply)) {
        continue;
      }
      const paths =
        reply.status === 400 && reply.json.message === 'Validation failed'
          ? reply.json.errors.map((issue: { path: unknown[] }) => issue.path[0])
          : [];
      if (!required.every((name) => paths.includes(name))) {
        wrong.push(
          `${operation.method} ${operation.path}: ${reply.summary}, expected issues for ${required.join(', ')}`,
        );
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('survives bodies of another type, and answers malformed JSON with 400', async () => {
    const wrong: string[] = [];
    for (const operation of all.filter(({ bodyType }) => bodyType === 'application/json')) {
      const client = operation.adminOnly ? admin.client : user.client;
      for (const body of ['[]', '"text"', '5', 'null', '{"a":', '{"a":1}}', "{'a':1}", '{"ids":{"a":[]}}']) {
        const reply = await client.send(operation.method, fill(operation), {
          body,
          headers: { 'content-type': 'application/json' },
          allow501: true,
        });
        if (reply.status === 501) {
          break;
        }
        const malformed = ['{"a":', '{"a":1}}', "{'a':1}"].includes(body);
        if (reply.status >= 500 || (malformed && reply.status !== 400)) {
          wrong.push(`${operation.method} ${operation.path} ${body}: ${reply.summary}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);

  it('serves the hidden PATCH forms', async () => {
    const wrong: string[] = [];
    for (const path of kPatchAliases) {
      const operation = all.find((candidate) => candidate.method === 'PUT' && candidate.path === path);
      expect(operation, path).toBeDefined();
      const reply = await call(anyone, operation!, undefined, 'PATCH');
      if (!note({ ...operation!, method: 'PATCH' }, reply) && reply.status !== 401) {
        wrong.push(`PATCH ${path}: ${reply.summary}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('tells what is not there yet', () => {
    console.log(
      `${all.length - missing.size} of ${all.length} operations are implemented${missing.size > 0 ? `; 501:\n  ${[...missing].toSorted().join('\n  ')}` : ''}`,
    );
  });
});
