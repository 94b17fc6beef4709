import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { picture } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { freePort, TestServer } from '../src/server.ts';
import { createUser, type Session, signUpAdmin } from '../src/session.ts';
import { upload } from '../src/upload.ts';

// What operators see: metrics, headers of their own, limits.

// The families of the original that dashboards use and that one upload brings about.
const kHostFamilies = [
  'process_cpu_time_total',
  'process_cpu_utilization',
  'process_memory_usage',
  'system_cpu_time_total',
  'system_cpu_utilization',
  'system_memory_usage',
  'system_memory_utilization',
  'target_info',
];
const kApiFamilies = [...kHostFamilies, 'immich_users_total', 'immich_queues_metadata_extraction_started_total'];
const kQueues = [
  'background_task',
  'duplicate_detection',
  'face_detection',
  'integrity_check',
  'library',
  'metadata_extraction',
  'notifications',
  'ocr',
  'sidecar',
  'smart_search',
  'storage_template_migration',
  'thumbnail_generation',
  'video_conversion',
];
const kWorkerFamilies = [
  ...kHostFamilies,
  'immich_jobs_asset_extract_metadata_success_total',
  'immich_jobs_asset_extract_metadata_queue_all_success_total',
  'immich_jobs_asset_generate_thumbnails_success_total',
  ...kQueues.map((queue) => `immich_queues_${queue}_active`),
];

interface Scrape {
  type: string;
  /** Family → kind. */
  kinds: Map<string, string>;
  /** Series with its labels → value. */
  values: Map<string, number>;
}

async function scrape(port: number): Promise<Scrape> {
  const reply = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(reply.status).toBe(200);
  const kinds = new Map<string, string>();
  const values = new Map<string, number>();
  for (const line of (await reply.text()).split('\n').filter(Boolean)) {
    const kind = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (kind) {
      kinds.set(kind[1]!, kind[2]!);
    } else if (!line.startsWith('#')) {
      const sample = /^(.+) (\S+)$/.exec(line);
      expect(sample, line).not.toBeNull();
      values.set(sample![1]!, Number(sample![2]));
    }
  }
  return { type: reply.headers.get('content-type') ?? '', kinds, values };
}

describe('for operators', () => {
  let server: TestServer;
  let admin: Session;
  let apiPort: number;
  let workerPort: number;
  prepare(async () => {
    apiPort = await freePort();
    workerPort = await freePort();
    const helmet = join(mkdtempSync(join(tmpdir(), 'imt-helmet-')), 'helmet.json');
    writeFileSync(helmet, JSON.stringify({ xFrameOptions: { action: 'deny' }, referrerPolicy: { policy: 'origin' } }));
    server = await TestServer.start({
      wrapper: ['prlimit', '--nofile=1024:8192'],
      env: {
        IMMICH_TELEMETRY_INCLUDE: 'all',
        IMMICH_API_METRICS_PORT: String(apiPort),
        IMMICH_MICROSERVICES_METRICS_PORT: String(workerPort),
        IMMICH_HELMET_FILE: helmet,
      },
    });
    admin = await signUpAdmin(server);
    await createUser(admin, 'second');
    await upload(admin, await picture());
    await waitForQueues(admin);
    expect((await admin.client.put('/jobs/metadataExtraction', { command: 'start', force: false })).status).toBe(200);
    await waitForQueues(admin);
  });
  afterAll(() => server?.destroy());

  it('serves metrics of the API under the names of the original', async () => {
    const { type, kinds, values } = await scrape(apiPort);
    expect(type).toMatch(/^text\/plain/);
    for (const family of kApiFamilies) {
      expect(kinds.has(family), family).toBe(true);
    }
    expect(values.get('immich_users_total')).toBe(2);
    expect(values.get('immich_queues_metadata_extraction_started_total')).toBe(1);
    expect(
      values.get('immich_http_request_duration_count{method="POST",route="/api/assets",status="201"}'),
      [...values.keys()].filter((name) => name.includes('_count{method')).join('\n'),
    ).toBe(1);
    expect(kinds.get('immich_sql_duration')).toBe('histogram');
    expect([...values.keys()].some((name) => name.startsWith('immich_sql_duration_bucket{statement='))).toBe(true);
  });

  it('serves metrics of the workers under the names of the original', async () => {
    const { kinds, values } = await scrape(workerPort);
    for (const family of kWorkerFamilies) {
      expect(kinds.has(family), family).toBe(true);
    }
    expect(values.get('immich_jobs_asset_generate_thumbnails_success_total')).toBe(1);
    expect(kinds.get('immich_jobs_asset_generate_thumbnails_success_total')).toBe('counter');
    expect(kinds.get('immich_queues_thumbnail_generation_active')).toBe('gauge');
  });

  it('counts addresses nobody registered together, so that strangers cannot fill the memory', async () => {
    for (let i = 0; i < 50; i++) {
      await admin.client.get(`/nothing/${i}`);
      await fetch(`${server.url}/wp-login-${i}.php`);
    }
    const { values } = await scrape(apiPort);
    const routes = [...values.keys()].filter((name) => name.startsWith('immich_http_request_duration_count'));
    expect(routes.filter((name) => /nothing|wp-login/.test(name))).toEqual([]);
    expect(routes.some((name) => name.includes('route="other"'))).toBe(true);
  });

  it('adds the headers of IMMICH_HELMET_FILE to every answer, in the place of its own', async () => {
    for (const path of ['/api/server/ping', '/api/users/me', '/', '/api/nothing']) {
      const { headers } = await fetch(server.url + path);
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('referrer-policy'), path).toBe('origin');
    }
  });

  it('raises the number of files it may open', () => {
    const [api] = server.processes('api');
    const limits = readFileSync(`/proc/${api!.pid}/limits`, 'utf8');
    expect(/^Max open files\s+(\d+)/m.exec(limits)?.[1]).toBe('8192');
  });
});
