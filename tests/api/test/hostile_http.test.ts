import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { within } from '../src/eventually.ts';
import { Client } from '../src/http_client.ts';
import { RawConnection, type RawResponse } from '../src/raw_connection.ts';
import { residentBytes } from '../src/process_tree.ts';
import { TestServer } from '../src/server.ts';
import { createUser, kPassword, type Session, signUpAdmin } from '../src/session.ts';

let server: TestServer;
let admin: Session;
let user: Session;
let anyone: Client;
prepare(async () => {
  server = await TestServer.start();
  admin = await signUpAdmin(server);
  user = await createUser(admin, 'hostile');
  anyone = new Client(server);
});
afterAll(() => server?.destroy());

const stillServes = async (): Promise<void> => {
  expect((await within(5000, 'ping', new Client(server).get('/server/ping'))).json).toEqual({ res: 'pong' });
};

/** Sends bytes on a new connection and returns every response until the server closes or falls silent. */
async function speak(bytes: string | Buffer, silenceMs = 1500): Promise<RawResponse[]> {
  const connection = await RawConnection.open(server);
  await connection.write(bytes);
  const responses: RawResponse[] = [];
  for (;;) {
    const response = await connection.response(responses.length === 0 ? 10_000 : silenceMs).catch(() => undefined);
    if (!response) {
      connection.destroy();
      return responses;
    }
    responses.push(response);
  }
}

const request = (line: string, headers: string[], body = ''): string =>
  [line, 'Host: localhost', ...headers, '', body].join('\r\n');
const isVersion = (response: RawResponse): boolean => response.body.toString().includes('"major"');

describe('JSON', () => {
  const json = { 'content-type': 'application/json' };
  const login = (body: Buffer | string, headers: Record<string, string> = json) =>
    anyone.post('/auth/login', body, { headers });

  it('refuses bodies over 10 MB', async () => {
    const large = await login(JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(11 << 20) }));
    expect(large.status, large.text.slice(0, 200)).toBe(413);
    expect(large.json.message).toEqual(expect.any(String));
    const chunked = await RawConnection.open(server);
    await chunked.write(
      request('POST /api/auth/login HTTP/1.1', ['Content-Type: application/json', 'Transfer-Encoding: chunked'], ''),
    );
    for (let i = 0; i < 12; i++) {
      await chunked.write(`100000\r\n${' '.repeat(1 << 20)}\r\n`);
    }
    await chunked.write('0\r\n\r\n');
    const response = await chunked.response().catch(() => undefined);
    expect([413, undefined], 'an answer, or the connection is closed').toContain(response?.status);
    chunked.destroy();
    await stillServes();
  });

  it('answers ten thousand levels of nesting with 400', async () => {
    for (const deep of [
      '['.repeat(10_000) + ']'.repeat(10_000),
      '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
      '['.repeat(1_000_000),
      `{"email":${'['.repeat(100_000)}`,
    ]) {
      const reply = await login(deep);
      expect(reply.status, `${deep.length} bytes`).toBe(400);
    }
    const search = await user.client.post(
      '/search/metadata',
      `{"filter":{"or":[${'{"or":['.repeat(5000)}${']}'.repeat(5000)}]}}`,
      { headers: json },
    );
    expect(search.status).toBe(400);
    await stillServes();
  });

  it('takes strange but valid JSON for what it is', async () => {
    const strange: [string, number[]][] = [
      ['{"email":"a@example.com","email":"b@example.com","password":"x"}', [401]],
      ['{"__proto__":{"isAdmin":true},"email":"a@example.com","password":"x"}', [401]],
      ['{"constructor":{"prototype":{}},"email":"a@example.com","password":"x"}', [401]],
      ['{"email":"a@example.com","password":1e400}', [400]],
      [`{"email":"a@example.com","password":${'9'.repeat(100_000)}}`, [400]],
      ['{"email":"a@example.com","password":"\\ud800"}', [400, 401]],
      ['{"email":"a@example.com","password":"\\u0000"}', [400, 401]],
      ['\ufeff{"email":"a@example.com","password":"x"}', [400, 401]],
      ['  {"email":"a@example.com","password":"x"}\n', [401]],
      ['', [400]],
      ['{"email":"a@example.com","password":"x"} trailing', [400]],
      ['{"email":"a@example.com","password":"x",}', [400]],
      ['{"email":NaN,"password":"x"}', [400]],
    ];
    for (const [body, statuses] of strange) {
      const reply = await login(body);
      expect(statuses, `${body.slice(0, 80)}: ${reply.summary}`).toContain(reply.status);
      expect(reply.json.message).toEqual(expect.any(String));
    }
  });

  it('refuses or repairs invalid UTF-8, and never echoes it as it is', async () => {
    for (const bytes of [
      [0xff, 0xfe],
      [0xc3, 0x28],
      [0xed, 0xa0, 0x80],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0xc0, 0xaf],
    ]) {
      const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from(bytes), Buffer.from('"}')]);
      const reply = await user.client.put('/users/me', body, { headers: json });
      expect([200, 400], reply.summary).toContain(reply.status);
      expect(Buffer.from(reply.text, 'utf8').equals(reply.bytes), 'the answer is valid UTF-8').toBe(true);
    }
    expect((await user.client.get('/users/me')).status).toBe(200);
  });

  it('reads only the types it knows', async () => {
    const body = JSON.stringify({ email: user.email, password: kPassword });
    const urlencoded = `email=${encodeURIComponent(user.email)}&password=${encodeURIComponent(kPassword)}`;
    for (const [type, text, statuses] of [
      ['application/json; charset=utf-8', body, [201]],
      ['text/plain', body, [400, 415]],
      ['application/xml', '<a/>', [400, 415]],
      ['application/json; charset=utf-7', body, [201, 400, 415]],
      ['application/x-www-form-urlencoded', urlencoded, [201, 400, 415]],
      ['', body, [400, 415]],
    ] as [string, string, number[]][]) {
      const reply = await login(text, { 'content-type': type });
      expect(statuses, `${type}: ${reply.summary}`).toContain(reply.status);
    }
  });

  it('is not blown up by compressed bodies', async () => {
    const bomb = gzipSync(Buffer.alloc(200 << 20, 0x20));
    const before = server.tree().reduce((sum, { pid }) => sum + residentBytes(pid), 0);
    const reply = await login(bomb, { ...json, 'content-encoding': 'gzip' });
    expect(reply.status, reply.summary).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    const after = server.tree().reduce((sum, { pid }) => sum + residentBytes(pid), 0);
    expect(after - before).toBeLessThan(150 << 20);
  });
});

describe('parameters', () => {
  it('never breaks on strange paths and queries', async () => {
    const targets = [
      '/api/assets/%00',
      '/api/assets/%',
      '/api/assets/%zz',
      '/api/assets/%ff%fe',
      '/api/assets/..%2f..%2fusers%2fme',
      '/api//users//me',
      '/api/../api/users/me',
      '/api/users/me/',
      '/api/users/me?',
      '/api/users/me?%',
      '/api/timeline/buckets?visibility[]=timeline',
      '/api/timeline/buckets?isFavorite=true&isFavorite=false',
      '/api/timeline/buckets?=x&&&',
      `/api/timeline/buckets?${'a=1&'.repeat(3000)}`,
      '/api/search/suggestions?type=%00',
      `/api/assets/${'a'.repeat(8000)}`,
      '/api/albums?name=%F0%9F%98%80%00',
      '/api/timeline/bucket?timeBucket=%EF%BF%BF',
      'http://elsewhere/api/users/me',
      '*',
      '//users/me',
    ];
    for (const target of targets) {
      const responses = await speak(
        request(`GET ${target} HTTP/1.1`, [`Authorization: Bearer ${user.token}`, 'Connection: close']),
      );
      for (const { status, body } of responses) {
        expect(status, `${target.slice(0, 60)}: ${body.toString().slice(0, 200)}`).toBeLessThan(500);
      }
    }
    await stillServes();
  });

  it('never breaks on strange headers', async () => {
    const headers = [
      'Cookie: immich_access_token=%E0%A4%A',
      `Cookie: ${'a=b; '.repeat(2000)}`,
      'Cookie: ;;;=;=',
      'Cookie: immich_access_token="quoted"',
      'Authorization: Bearer',
      'Authorization: Bearer  ',
      `Authorization: Bearer ${'x'.repeat(10_000)}`,
      'X-Forwarded-For: 999.999.999.999, ::zz, , ,',
      `X-Forwarded-For: ${'1.2.3.4, '.repeat(1000)}`,
      'X-Forwarded-Proto: javascript',
      'If-None-Match: "',
      'If-Modified-Since: never',
      'Range: bytes=',
      'Accept-Encoding: ,,;q=zz',
      'X-Correlation-ID: a\tb',
      'X-Api-Key: \xff\xfe',
      'User-Agent: immich-android/',
      `User-Agent: ${'('.repeat(5000)}`,
    ];
    for (const header of headers) {
      const responses = await speak(
        Buffer.from(request('GET /api/users/me HTTP/1.1', [header, 'Connection: close']), 'latin1'),
      );
      expect(responses.length, header.slice(0, 60)).toBe(1);
      expect(responses[0]!.status, header.slice(0, 60)).toBeGreaterThanOrEqual(400);
      expect(responses[0]!.status, header.slice(0, 60)).toBeLessThan(500);
    }
  });

  it('does not let a correlation id split the response', async () => {
    const responses = await speak(
      request('GET /api/server/ping HTTP/1.1', ['X-Correlation-ID: a\r\n X-Injected: yes', 'Connection: close']),
    );
    for (const response of responses) {
      expect(response.headers['x-injected']).toBeUndefined();
    }
  });
});

describe('pipelining', () => {
  it('answers fifty requests of one packet in order', async () => {
    const connection = await RawConnection.open(server);
    const paths = Array.from({ length: 50 }, (_, i) =>
      i % 3 === 0 ? '/api/server/ping' : i % 3 === 1 ? `/api/nope/${i}` : '/api/server/version',
    );
    await connection.write(paths.map((path) => request(`GET ${path} HTTP/1.1`, [])).join(''));
    for (const path of paths) {
      const response = await connection.response();
      const text = response!.body.toString();
      expect(text).toContain(path.endsWith('ping') ? 'pong' : path.endsWith('version') ? 'major' : path);
    }
    connection.destroy();
  });

  it('keeps bodies and requests apart', async () => {
    const body = JSON.stringify({ email: 'a@example.com', password: 'x' });
    const post = request(
      'POST /api/auth/login HTTP/1.1',
      ['Content-Type: application/json', `Content-Length: ${body.length}`],
      body,
    );
    const responses = await speak(
      post +
        request('GET /api/server/ping HTTP/1.1', []) +
        post +
        request('GET /api/server/version HTTP/1.1', ['Connection: close']),
    );
    expect(responses.map(({ status }) => status)).toEqual([401, 200, 401, 200]);
  });

  it('answers a client that closed its sending side', async () => {
    const connection = await RawConnection.open(server);
    connection.socket.end(request('GET /api/server/version HTTP/1.1', []));
    expect((await connection.response())?.status).toBe(200);
    await within(10_000, 'close', connection.closed);
  });
});

describe('too much of everything', () => {
  it('refuses huge heads', async () => {
    for (const [line, headers] of [
      [`GET /api/server/ping?${'x'.repeat(100_000)} HTTP/1.1`, []],
      ['GET /api/server/ping HTTP/1.1', [`X-Large: ${'x'.repeat(100_000)}`]],
      ['GET /api/server/ping HTTP/1.1', Array.from({ length: 20_000 }, (_, i) => `X-${i}: y`)],
      [`${'G'.repeat(100_000)} / HTTP/1.1`, []],
    ] as [string, string[]][]) {
      const [response] = await speak(request(line, [...headers, 'Connection: close']));
      expect([400, 413, 414, 431, undefined], line.slice(0, 40)).toContain(response?.status);
    }
    await stillServes();
  });

  it('gives up on a head that never ends', async () => {
    const connection = await RawConnection.open(server);
    await connection.write('GET /api/server/ping HTTP/1.1\r\n');
    const chunk = 'X-Filler: ' + 'y'.repeat(4000) + '\r\n';
    for (let i = 0; i < 2000 && !connection.socket.destroyed; i++) {
      await connection.write(chunk);
    }
    await within(20_000, 'the server to hang up', connection.closed);
    await stillServes();
  });

  it('serves others while two thousand connections dawdle', async () => {
    const slow: RawConnection[] = [];
    for (let batch = 0; batch < 20; batch++) {
      slow.push(...(await Promise.all(Array.from({ length: 100 }, () => RawConnection.open(server)))));
    }
    try {
      await Promise.all(
        slow.map((connection, i) =>
          connection.write(
            i % 2
              ? 'GET /api/server/ping HTTP/1.1\r\nHost: lo'
              : 'POST /api/assets HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n',
          ),
        ),
      );
      const times: number[] = [];
      for (let i = 0; i < 50; i++) {
        await Promise.all(slow.slice(i * 40, i * 40 + 40).map((connection) => connection.write('c')));
        const start = performance.now();
        const reply = await new Client(server).get('/server/ping');
        expect(reply.status).toBe(200);
        times.push(performance.now() - start);
      }
      const median = times.toSorted((a, b) => a - b)[25]!;
      expect(median, `median ping in ms, slowest ${Math.max(...times)}`).toBeLessThan(500);
      expect((await user.client.get('/users/me')).status).toBe(200);
    } finally {
      for (const connection of slow) {
        connection.destroy();
      }
    }
    await stillServes();
  });
});

describe('smuggling and malformed HTTP', () => {
  const smuggled = 'GET /api/server/version HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const ambiguous: [string, string[], string][] = [
    [
      'Content-Length and Transfer-Encoding',
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${smuggled}`,
    ],
    [
      'Transfer-Encoding and Content-Length',
      ['Transfer-Encoding: chunked', `Content-Length: ${5 + smuggled.length}`],
      `0\r\n\r\n${smuggled}`,
    ],
    ['two different lengths', ['Content-Length: 0', `Content-Length: ${smuggled.length}`], smuggled],
    ['a list of lengths', [`Content-Length: 0, ${smuggled.length}`], smuggled],
    ['a signed length', ['Content-Length: +0'], smuggled],
    ['a negative length', ['Content-Length: -1'], smuggled],
    ['a hexadecimal length', ['Content-Length: 0x0'], smuggled],
    ['a length beyond 64 bits', ['Content-Length: 99999999999999999999999'], smuggled],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${smuggled}`],
    ['chunked that is not last', ['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${smuggled}`],
    ['chunked twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`],
    ['a space before the colon', ['Content-Length : 0'], smuggled],
    ['a folded header', ['Transfer-Encoding:\r\n chunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`],
    ['a vertical tab before chunked', ['Transfer-Encoding: \vchunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`],
    ['a chunk size beyond 64 bits', ['Transfer-Encoding: chunked'], `10000000000000000\r\n${smuggled}0\r\n\r\n`],
    ['a negative chunk size', ['Transfer-Encoding: chunked'], `-1\r\n${smuggled}0\r\n\r\n`],
    ['a chunk size with 0x', ['Transfer-Encoding: chunked'], `0x0\r\n\r\n${smuggled}`],
    ['a chunk that ends without CRLF', ['Transfer-Encoding: chunked'], `1\r\naXX0\r\n\r\n${smuggled}`],
  ];
  for (const [what, headers, body] of ambiguous) {
    it(`refuses ${what} and never runs what follows`, async () => {
      const responses = await speak(
        request('POST /api/auth/login HTTP/1.1', ['Content-Type: application/json', ...headers], body),
      );
      expect(
        responses.some((response) => isVersion(response)),
        responses.map(({ head }) => head.split('\r\n')[0]).join(),
      ).toBe(false);
      for (const { status } of responses) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(600);
      }
    });
  }

  it('answers rubbish with 400 or hangs up', async () => {
    const rubbish = [
      '\r\n\r\n\r\n\r\n',
      'HELO mail\r\n\r\n',
      'GET\r\n\r\n',
      'GET /api/server/ping\r\n\r\n',
      'GET /api/server/ping HTTP/9.9\r\n\r\n',
      'GET /api/server/ping HTTP/1.1\r\nNoColon\r\n\r\n',
      'GET /api/server/ping HTTP/1.1\r\n: empty\r\n\r\n',
      'GET /api/server/ping HTTP/1.1\r\nA\0B: c\r\n\r\n',
      'GET /api/server/ping\x01 HTTP/1.1\r\nHost: x\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      '\0'.repeat(100),
      'GET / HTTP/1.1\nHost: x\n\n',
      'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
      'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n',
    ];
    for (const bytes of rubbish) {
      const connection = await RawConnection.open(server);
      await connection.write(Buffer.from(bytes, 'latin1'));
      connection.socket.end();
      const response = await connection.response(10_000).catch(() => undefined);
      expect(response?.status ?? 400, JSON.stringify(bytes.slice(0, 40))).toBeLessThan(600);
      expect([500, 502], JSON.stringify(bytes.slice(0, 40))).not.toContain(response?.status);
      connection.destroy();
    }
    await stillServes();
  });

  it('understands HTTP/1.0', async () => {
    const [plain] = await speak('GET /api/server/ping HTTP/1.0\r\n\r\n');
    expect(plain?.status).toBe(200);
    expect(plain?.body.toString()).toContain('pong');
    expect(plain?.headers['transfer-encoding']).toBeUndefined();
  });

  it('survives five thousand connections that come and go', async () => {
    for (let batch = 0; batch < 50; batch++) {
      const connections = await Promise.all(Array.from({ length: 100 }, () => RawConnection.open(server)));
      await Promise.all(connections.map((connection, i) => (i % 2 ? connection.write('GET /api/serv') : undefined)));
      for (const connection of connections) {
        connection.socket.resetAndDestroy();
      }
    }
    await stillServes();
  });
});
