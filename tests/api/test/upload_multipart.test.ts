import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { eventually } from '../src/eventually.ts';
import { type Reply, sha1Base64, sha1Hex } from '../src/http_client.ts';
import { picture } from '../src/media_samples.ts';
import { type Form, multipart, type Part } from '../src/multipart_body.ts';
import { RawConnection } from '../src/raw_connection.ts';
import { listFiles } from '../src/repo_paths.ts';
import { waitForQueues } from '../src/queues.ts';
import { createUser, type Session } from '../src/session.ts';
import { sharedAdmin } from '../src/shared_session.ts';
import { kModifiedAt, kTakenAt, postForm, tryUpload, upload, uploadParts } from '../src/upload.ts';

let admin: Session;
let user: Session;
prepare(async () => {
  admin = sharedAdmin();
  user = await createUser(admin, 'multipart');
});

const field = (name: string, value: string): Part => ({ name, value });
const dates = [field('fileCreatedAt', kTakenAt), field('fileModifiedAt', kModifiedAt)];
const file = (bytes: Buffer, filename: string | Buffer = 'photo.jpg', name = 'assetData'): Part => ({
  name,
  value: bytes,
  filename,
});

const storedFiles = (session: Session): string[] => {
  try {
    return listFiles(join(inject('server').mediaLocation, 'upload', session.userId));
  } catch {
    return [];
  }
};

/** The stored original must be these bytes. */
async function expectStored(session: Session, reply: Reply, bytes: Buffer): Promise<void> {
  expect(reply.status, reply.text).toBe(201);
  const { id } = reply.json;
  expect((await session.client.get(`/assets/${id}`)).json.checksum).toBe(sha1Base64(bytes));
  const original = await session.client.get(`/assets/${id}/original`);
  expect(sha1Hex(original.bytes)).toBe(sha1Hex(bytes));
}

/** A picture with bytes after its end that look like pieces of the boundary. */
async function trickyBytes(boundary: string): Promise<Buffer> {
  const pieces = [
    '\r\n--',
    `\r\n--${boundary.slice(0, -1)}`,
    `--${boundary}`,
    `\n--${boundary}\n`,
    '\r\r\n',
    `\r\n-${boundary}`,
    '\r',
    `\r\n--${boundary.slice(0, -1)}X\r\n`,
    '\r\n',
  ];
  return Buffer.concat([await picture(), ...pieces.map((piece) => Buffer.from(piece))]);
}

describe('order and number of parts', () => {
  it('takes fields that follow the file', async () => {
    const bytes = await picture();
    const reply = await postForm(
      user,
      multipart([file(bytes), ...dates, field('visibility', 'archive'), field('isFavorite', 'true')]),
    );
    await expectStored(user, reply, bytes);
    expect((await user.client.get(`/assets/${reply.json.id}`)).json).toMatchObject({
      visibility: 'archive',
      isFavorite: true,
    });
  });

  it('asks for the missing file', async () => {
    const nothing = await postForm(user, multipart(dates));
    expect([nothing.status, nothing.json]).toEqual([400, { message: 'Field(s) assetData should not be empty' }]);
    const asText = await postForm(user, multipart([...dates, field('assetData', 'text')]));
    expect(asText.status, asText.text).toBe(400);
  });

  it('refuses two files and unknown file parts, and keeps neither', async () => {
    const own = await createUser(admin, 'parts');
    for (const parts of [
      [...dates, file(await picture()), file(await picture())],
      [...dates, file(await picture()), file(await picture(), 'b.jpg', 'otherData')],
    ]) {
      const reply = await postForm(own, multipart(parts));
      expect(reply.status, reply.text).toBe(400);
    }
    await eventually(() => storedFiles(own).length === 0, { what: 'an empty upload folder' });
  });

  it('gets along with a hundred additional fields', async () => {
    const bytes = await picture();
    const many = Array.from({ length: 100 }, (_, i) => field(`extra${i}`, 'x'.repeat(100)));
    await expectStored(user, await postForm(user, multipart([...many, ...dates, file(bytes)])), bytes);
  });

  it('survives ten thousand fields and a hundred files', async () => {
    const fields = Array.from({ length: 10_000 }, (_, i) => field(`f${i}`, 'x'));
    const first = await postForm(user, multipart([...fields, ...dates, file(await picture())]));
    expect([201, 400, 413], first.summary).toContain(first.status);
    const files = Array.from({ length: 100 }, (_, i) => file(Buffer.from(`file ${i}`), `${i}.jpg`, `file${i}`));
    const second = await postForm(user, multipart([...dates, ...files]));
    expect([400, 413], second.summary).toContain(second.status);
    const bytes = await picture();
    await expectStored(user, await tryUpload(user, bytes), bytes);
  });

  it('bounds the size of a field', async () => {
    for (const size of [2_000_000, 30_000_000]) {
      const reply = await postForm(
        user,
        multipart([field('extra', 'x'.repeat(size)), ...dates, file(await picture())]),
      );
      expect([201, 400, 413], reply.summary).toContain(reply.status);
    }
  });

  it('takes the last or refuses when a field comes twice', async () => {
    const reply = await postForm(
      user,
      multipart([...dates, field('visibility', 'archive'), field('visibility', 'timeline'), file(await picture())]),
    );
    expect([201, 400], reply.summary).toContain(reply.status);
  });
});

describe('boundaries', () => {
  const boundaries = ['x', 'AaB03x', "'()+_,-./:=?", 'with space inside', '-'.repeat(40) + '123', 'b'.repeat(70)];
  for (const boundary of boundaries) {
    it(`understands ${JSON.stringify(boundary)}`, async () => {
      const bytes = await trickyBytes(boundary);
      const reply = await postForm(
        user,
        multipart([...dates, file(bytes)], { boundary, preamble: 'preamble\r\n', epilogue: 'epilogue' }),
      );
      await expectStored(user, reply, bytes);
    });
  }

  it('finds the boundary however the body is cut', async () => {
    const boundary = 'cutHere';
    for (let round = 0; round < 12; round++) {
      const bytes = await trickyBytes(boundary);
      const { contentType, body } = multipart([...dates, file(bytes, `cut${round}.jpg`)], { boundary });
      const connection = await RawConnection.open(user.server);
      await connection.write(
        `POST /api/assets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: ${contentType}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
      );
      let at = 0;
      while (at < body.length) {
        // Near the end, where the boundary-like bytes are, the pieces are one to three bytes long.
        const nearEnd = body.length - at < 400;
        const size = Math.min(body.length - at, nearEnd ? 1 + ((at + round) % 3) : 1 + ((at * 7 + round * 13) % 900));
        await connection.write(
          Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), body.subarray(at, at + size), Buffer.from('\r\n')]),
        );
        at += size;
      }
      await connection.write('0\r\n\r\n');
      const response = await connection.response();
      expect(response?.status, response?.body.toString()).toBe(201);
      const { id } = JSON.parse(response!.body.toString());
      expect((await user.client.get(`/assets/${id}`)).json.checksum).toBe(sha1Base64(bytes));
    }
  });

  it('refuses a body that is no multipart form', async () => {
    const { body } = multipart([...dates, file(await picture())], { boundary: 'abc' });
    const types = [
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary=other',
      'application/json',
      'text/plain',
      `multipart/form-data; boundary=${'b'.repeat(500)}`,
    ];
    for (const contentType of types) {
      const reply = await postForm(user, { contentType, body });
      expect(reply.status, `${contentType}: ${reply.summary}`).toBeGreaterThanOrEqual(400);
      expect(reply.status, `${contentType}: ${reply.summary}`).toBeLessThan(500);
    }
  });
});

describe('bodies that end early', () => {
  const send = (own: Session, form: Form) => postForm(own, form);

  it('refuses a form without its last boundary and keeps nothing', async () => {
    const own = await createUser(admin, 'truncated');
    const whole = multipart([...dates, file(await picture())], { end: false });
    const cuts = [whole.body.length, whole.body.length - 1, whole.body.length - 2, whole.body.length - 200, 300, 60, 1];
    for (const cut of cuts) {
      const reply = await send(own, { contentType: whole.contentType, body: whole.body.subarray(0, cut) });
      expect(reply.status, `${cut} bytes: ${reply.summary}`).toBe(400);
    }
    await eventually(() => storedFiles(own).length === 0, { what: 'an empty upload folder' });
    expect((await own.client.get('/assets/statistics')).json.total).toBe(0);
  });

  it('keeps nothing of an upload whose connection breaks', async () => {
    const own = await createUser(admin, 'aborted');
    const { contentType, body } = multipart([...dates, file(await picture({ width: 1600, height: 1200 }))]);
    for (const part of [0.1, 0.5, 0.99]) {
      const connection = await RawConnection.open(own.server);
      await connection.write(
        `POST /api/assets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${own.token}\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      await connection.write(body.subarray(0, Math.trunc(body.length * part)));
      connection.destroy();
    }
    await eventually(() => storedFiles(own).length === 0, { what: 'an empty upload folder after aborted uploads' });
    await waitForQueues(admin);
    expect((await own.client.get('/assets/statistics')).json.total).toBe(0);
    expect((await own.client.get('/users/me')).json.quotaUsageInBytes).toBe(0);
  });
});

describe('transfer', () => {
  it('answers Expect: 100-continue first', async () => {
    const bytes = await picture();
    const { contentType, body } = multipart([...dates, file(bytes)]);
    const connection = await RawConnection.open(user.server);
    await connection.write(
      `POST /api/assets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    expect((await connection.response())?.status).toBe(100);
    await connection.write(body);
    expect((await connection.response())?.status).toBe(201);
    connection.destroy();
  });

  it('takes a file larger than any buffer', async () => {
    const bytes = Buffer.concat([await picture(), Buffer.alloc(48 << 20, 'abcdefghij')]);
    await expectStored(user, await tryUpload(user, bytes), bytes);
  });
});

describe('file names', () => {
  const decodeName = (reply: Reply): string =>
    decodeURIComponent(/filename\*=UTF-8''(\S*)/.exec(String(reply.headers['content-disposition']))?.[1] ?? '');
  const tricks: [string, string | Buffer][] = [
    ['parent folders', '../../../../etc/passwd.jpg'],
    ['an absolute path', '/etc/cron.d/evil.jpg'],
    ['a Windows path', 'C:\\Windows\\evil.jpg'],
    ['encoded slashes', '..%2f..%2fevil.jpg'],
    ['dots only', '....jpg'],
    ['emoji and CJK', '🏔️ 東京タワー.jpg'],
    ['right-to-left override', '‮gpj.evil.jpg'],
    ['latin1 bytes', Buffer.from('caf\xe9.jpg', 'latin1')],
    ['invalid UTF-8', Buffer.from([0x66, 0xff, 0xfe, 0xc3, 0x28, 0x2e, 0x6a, 0x70, 0x67])],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80, 0x2e, 0x6a, 0x70, 0x67])],
    ['control characters', 'a\tb\x01c\x7f.jpg'],
    ['a NUL', 'a\0b.jpg'],
    ['encoded line breaks', 'a%0D%0ASet-Cookie: x=y.jpg'],
    ['an escaped quote', 'a\\"b.jpg'],
    ['quotes and semicolons encoded', 'a%22; filename=%22b.jpg'],
    ['300 characters', `${'n'.repeat(300)}.jpg`],
    ['255 bytes of three-byte characters', `${'漢'.repeat(84)}.jpg`],
    ['4,000 characters', `${'n'.repeat(4000)}.jpg`],
    ['spaces', '   .jpg'],
    ['a trailing dot', 'photo.jpg.'],
    ['an upper-case extension', 'PHOTO.JPEG'],
    ['HTML', '<img src=x onerror=alert(1)>.jpg'],
    ['SQL', "'; drop table asset; --.jpg"],
    ['a template', '{{filename}}${7*7}.jpg'],
  ];
  for (const [what, name] of tricks) {
    it(`stays in the upload folder with ${what} in the name`, async () => {
      const bytes = await picture();
      const reply = await tryUpload(user, bytes, { name });
      expect([201, 400], reply.summary).toContain(reply.status);
      if (reply.status === 400) {
        expect(reply.json.message).toEqual(expect.any(String));
        return;
      }
      const asset = (await user.client.get(`/assets/${reply.json.id}`)).json;
      const folder = join(inject('server').mediaLocation, 'upload', user.userId);
      expect(
        asset.originalPath.startsWith(`${folder}/`) && !asset.originalPath.includes('..'),
        asset.originalPath,
      ).toBe(true);
      const original = await user.client.get(`/assets/${reply.json.id}/original`);
      expect(sha1Hex(original.bytes)).toBe(sha1Hex(bytes));
      expect(original.headers['set-cookie']).toBeUndefined();
      expect(decodeName(original), 'the name offered for saving').not.toMatch(/[/\\\0\r\n]/);
    });
  }

  it('ignores path tricks in the `filename` field too', async () => {
    for (const filename of ['../../x.jpg', '/etc/x.jpg', 'a/b/../../../x.jpg', '..']) {
      const reply = await tryUpload(user, await picture(), { fields: { filename } });
      expect([201, 400], reply.summary).toContain(reply.status);
      if (reply.status === 201) {
        const asset = (await user.client.get(`/assets/${reply.json.id}`)).json;
        expect(asset.originalPath).toContain(`/upload/${user.userId}/`);
        expect(asset.originalPath).not.toContain('..');
      }
    }
  });

  it('knows every extension of /server/media-types', async () => {
    const own = await createUser(admin, 'extensions');
    const types = (await own.client.get('/server/media-types')).json;
    for (const extension of [...types.image, ...types.video] as string[]) {
      const bytes = Buffer.from(`no real ${extension} ${Math.random()}`);
      const id = await upload(own, bytes, { name: `file${extension}` });
      const asset = (await own.client.get(`/assets/${id}`)).json;
      expect([extension, asset.type]).toEqual([extension, types.image.includes(extension) ? 'IMAGE' : 'VIDEO']);
    }
    await waitForQueues(admin);
    for (const extension of types.sidecar as string[]) {
      expect((await tryUpload(own, await picture(), { name: `file${extension}` })).status, extension).toBe(400);
    }
    expect((await own.client.get('/assets/statistics')).json).toMatchObject({
      images: types.image.length,
      videos: types.video.length,
    });
  });
});

describe('sidecar parts', () => {
  it('accepts .xmp only', async () => {
    const parts = uploadParts(await picture());
    const sidecar = { name: 'sidecarData', value: 'not xml', filename: 'photo.txt' };
    const reply = await postForm(user, multipart([...parts.slice(0, -1), sidecar, parts.at(-1)!]));
    expect(reply.status, reply.text).toBe(400);
  });

  it('keeps the photo when the sidecar is rubbish', async () => {
    const bytes = await picture();
    const reply = await tryUpload(user, bytes, { sidecar: '<<<not xml' });
    await expectStored(user, reply, bytes);
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${reply.json.id}/thumbnail`)).status).toBe(200);
  });
});
