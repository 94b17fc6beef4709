import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../api/src/eventually.ts';
import { type Json, sha1Base64, sha1Hex } from '../api/src/http_client.ts';
import { clip, picture } from '../api/src/media_samples.ts';
import { isAlive, type ProcessRole, sendSignal } from '../api/src/process_tree.ts';
import { waitForQueues } from '../api/src/queues.ts';
import { TestServer } from '../api/src/server.ts';
import { createUser, expectStatus, type Session, signUpAdmin } from '../api/src/session.ts';
import { tryUpload } from '../api/src/upload.ts';

// Processes are killed with SIGKILL at random moments while files arrive. Whatever was answered with 201 must be there afterwards,
// byte by byte, and get its thumbnail.
//   IMMICH_FAULT_ROUNDS       how many kills (20)
//   IMMICH_FAULT_SEED         for the order of victims and moments (time)
//   IMMICH_FAULT_VICTIMS      which processes (api,microservices,decoder,postgres,redis,supervisor,all)
//   IMMICH_FAULT_CHECK_EVERY  rounds between two waits for all thumbnails (5)
const kRounds = Number(process.env['IMMICH_FAULT_ROUNDS'] ?? 20);
const kSeed = Number(process.env['IMMICH_FAULT_SEED'] ?? Date.now() % 1_000_000);
const kCheckEvery = Number(process.env['IMMICH_FAULT_CHECK_EVERY'] ?? 5);
const kUploaders = 4;
const kConvergenceMs = 180_000;

type Victim = ProcessRole | 'all';
const kVictims = (
  process.env['IMMICH_FAULT_VICTIMS'] ?? 'api,microservices,decoder,postgres,redis,supervisor,all'
).split(',') as Victim[];

/** Small deterministic generator (mulberry32): numbers in [0, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Ledger {
  /** Answered 201: id → SHA-1. */
  accepted: Map<string, string>;
  /** Not yet looked at since the last kill. */
  fresh: Set<string>;
  /** No answer, or a 5xx: may be there or not. */
  unknown: Set<string>;
  statuses: Map<number, number>;
}

describe('kill -9 at random', () => {
  const random = randomNumbers(kSeed);
  const ledger: Ledger = { accepted: new Map(), fresh: new Set(), unknown: new Set(), statuses: new Map() };
  const kills = new Map<Victim, number>();
  const outages = new Map<Victim, number>();
  const surprises: string[] = [];
  let server: TestServer;
  let admin: Session;
  let user: Session;
  let uploading = true;
  let uploaders: Promise<void>[] = [];
  let clips: Buffer[] = [];

  async function nextFile(): Promise<{ bytes: Buffer; name: string }> {
    const kind = random();
    if (kind < 0.05) {
      // Bytes after the end make it a new file without another run of ffmpeg.
      const base = clips[Math.trunc(random() * clips.length)]!;
      return { bytes: Buffer.concat([base, Buffer.from(`free${random()}`)]), name: 'clip.mp4' };
    }
    const size = kind < 0.75 ? { width: 160, height: 120 } : { width: 1600, height: 1200 };
    return { bytes: await picture(size), name: 'photo.jpg' };
  }

  async function uploadForever(): Promise<void> {
    while (uploading) {
      const { bytes, name } = await nextFile();
      const checksum = sha1Hex(bytes);
      const reply = await tryUpload(user, bytes, { name }).catch(() => undefined);
      ledger.statuses.set(reply?.status ?? 0, (ledger.statuses.get(reply?.status ?? 0) ?? 0) + 1);
      if (reply?.status === 201) {
        ledger.accepted.set(reply.json.id, checksum);
        ledger.fresh.add(reply.json.id);
      } else {
        ledger.unknown.add(checksum);
        if (reply && ![500, 503].includes(reply.status)) {
          surprises.push(`upload: ${reply.summary}`);
        }
        await delay(20);
      }
    }
  }

  /** Kills the victim (which must be running) and waits until the server answers from its database again. */
  async function killAndRecover(victim: Victim): Promise<void> {
    const start = performance.now();
    if (victim === 'all') {
      await server.kill();
      await server.launch();
    } else if (victim === 'supervisor') {
      const children = server.tree();
      sendSignal(server.pid, 'SIGKILL');
      await eventually(() => children.every(({ pid }) => !isAlive(pid)), {
        timeoutMs: 60_000,
        what: 'children that end when their supervisor is killed',
      }).catch((error: unknown) => {
        const left = children.filter(({ pid }) => isAlive(pid)).map(({ pid, role, command }) => `${role} ${command} ${pid}`);
        throw new Error(`${(error as Error).message}; left: ${left.join(', ')}`);
      });
      await server.launch();
    } else {
      const victims = await eventually(
        () => {
          const found = server.processes(victim);
          return found.length > 0 ? found : undefined;
        },
        { timeoutMs: victim === 'decoder' ? 5000 : 30_000, intervalMs: 5, what: `a ${victim} process` },
      ).catch((error: unknown) => {
        if (victim === 'decoder') {
          return server.processes('microservices');
        }
        throw error;
      });
      for (const { pid } of victims) {
        sendSignal(pid, 'SIGKILL');
      }
      await eventually(() => victims.every(({ pid }) => !isAlive(pid)), { what: 'the end of the victims' });
      await eventually(() => victim === 'decoder' || server.processes(victim).length > 0, {
        timeoutMs: 60_000,
        what: `a new ${victim} process`,
      });
    }
    await eventually(async () => (await user.client.get('/timeline/buckets', { timeoutMs: 10_000 })).status === 200, {
      timeoutMs: 60_000,
      intervalMs: 20,
      what: `answers after ${victim} was killed`,
    });
    kills.set(victim, (kills.get(victim) ?? 0) + 1);
    outages.set(victim, Math.max(outages.get(victim) ?? 0, performance.now() - start));
  }

  /** Every one of these must be readable and byte-identical. */
  async function verifyOriginals(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      const original = await user.client.get(`/assets/${id}/original`);
      expect([original.status, sha1Hex(original.bytes)], `original of ${id}`).toEqual([200, ledger.accepted.get(id)]);
    }
  }

  async function verifyThumbnails(): Promise<void> {
    await waitForQueues(admin, kConvergenceMs);
    for (const id of ledger.accepted.keys()) {
      await eventually(async () => (await user.client.get(`/assets/${id}/thumbnail`)).status === 200, {
        timeoutMs: kConvergenceMs,
        intervalMs: 500,
        what: `the thumbnail of ${id}`,
      });
    }
  }

  const startUploads = (): void => {
    uploading = true;
    uploaders = Array.from({ length: kUploaders }, () => uploadForever());
  };
  const stopUploads = async (): Promise<void> => {
    uploading = false;
    await Promise.all(uploaders);
  };

  beforeAll(async () => {
    console.log(`seed ${kSeed}, ${kRounds} rounds`);
    clips = [await clip(), await clip({ audio: true })];
    server = await TestServer.start();
    admin = await signUpAdmin(server);
    user = await createUser(admin, 'fault');
  });
  afterAll(async () => {
    uploading = false;
    await server?.destroy();
  });

  it(`loses nothing that was acknowledged, over ${kRounds} rounds`, async () => {
    for (let round = 1; round <= kRounds; round++) {
      const victim = kVictims[Math.trunc(random() * kVictims.length)]!;
      const before = ledger.accepted.size;
      startUploads();
      await eventually(() => ledger.accepted.size > before, {
        timeoutMs: 60_000,
        intervalMs: 5,
        what: 'an accepted upload',
      });
      // The moment of the kill is what varies: somewhere in the next uploads.
      await delay(random() * 400);
      try {
        await killAndRecover(victim);
      } finally {
        await stopUploads();
      }
      await verifyOriginals(ledger.fresh);
      ledger.fresh.clear();
      if (round % kCheckEvery === 0) {
        await verifyThumbnails();
      }
      console.log(`round ${round}: ${victim}; ${ledger.accepted.size} accepted, ${ledger.unknown.size} unknown`);
    }
    expect(ledger.accepted.size).toBeGreaterThan(kRounds);
  });

  it('has every accepted file, whole, with a thumbnail, at the end', async () => {
    await verifyThumbnails();
    await verifyOriginals(ledger.accepted.keys());
    expect(surprises).toEqual([]);
  });

  it('has no asset whose file is missing or differs from its checksum', async () => {
    const checksums = new Set<string>();
    let page: string | null = '1';
    while (page) {
      const { assets }: Json = expectStatus(
        await user.client.post('/search/metadata', { page: Number(page), size: 500 }),
        200,
        'search',
      );
      for (const { id, checksum } of assets.items as { id: string; checksum: string }[]) {
        const original = await user.client.get(`/assets/${id}/original`);
        expect([original.status, sha1Base64(original.bytes)], id).toEqual([200, checksum]);
        expect(checksums.has(checksum), `${checksum} twice`).toBe(false);
        checksums.add(checksum);
      }
      page = assets.nextPage;
    }
    const expected = new Set([...ledger.accepted.values()]);
    const found = [...checksums].map((checksum) => Buffer.from(checksum, 'base64').toString('hex'));
    expect(found.filter((checksum) => expected.has(checksum)).length).toBe(expected.size);
    expect(
      found.filter((checksum) => !expected.has(checksum) && !ledger.unknown.has(checksum)),
      'assets nobody uploaded',
    ).toEqual([]);
  });

  it('tells what happened', () => {
    const rows = [...kills].map(
      ([victim, count]) =>
        `  ${victim}: ${count} kills, longest time until answers again ${Math.round(outages.get(victim)!)} ms`,
    );
    const statuses = [...ledger.statuses].map(([status, count]) => `${status || 'no answer'}: ${count}`).join(', ');
    console.log(
      `${ledger.accepted.size} accepted, ${ledger.unknown.size} unknown\n${rows.join('\n')}\n  answers ${statuses}`,
    );
  });
});
