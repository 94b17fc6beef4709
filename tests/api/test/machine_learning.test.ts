import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { getPersonStatistics, searchSmart } from '@immich/sdk';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { eventually } from '../src/eventually.ts';
import { failedJobs, waitForQueues } from '../src/queues.ts';
import { repoRoot, sharedFolder } from '../src/repo_paths.ts';
import { freePort, TestServer } from '../src/server.ts';
import { expectStatus, type Session, signUpAdmin } from '../src/session.ts';
import { upload } from '../src/upload.ts';

/** Our own service with the small test models: where they belong in its cache. */
const kModels: [from: string, to: string][] = [
  ['concept-clip/visual.onnx', 'clip/ViT-B-32__openai/visual/model.onnx'],
  ['concept-clip/textual.onnx', 'clip/ViT-B-32__openai/textual/model.onnx'],
  ['clip-tokenizer/vocab.json', 'clip/ViT-B-32__openai/textual/vocab.json'],
  ['clip-tokenizer/merges.txt', 'clip/ViT-B-32__openai/textual/merges.txt'],
  ['face/detection.onnx', 'facial-recognition/buffalo_l/detection/model.onnx'],
  ['face/recognition.onnx', 'facial-recognition/buffalo_l/recognition/model.onnx'],
];
const service = ['release', 'debug']
  .map((preset) => join(repoRoot, 'build', preset, 'ml/immich-machine-learning'))
  .find((path) => existsSync(path));
const shared = sharedFolder();
const models = shared && join(shared, 'models');
const missing = !service
  ? 'build/*/ml/immich-machine-learning is not built'
  : !models || kModels.some(([from]) => !existsSync(join(models, from)))
    ? '../shared/models is absent'
    : '';

describe.skipIf(missing)(`the service itself${missing && ` [skipped: ${missing}]`}`, () => {
  let child: ChildProcess;
  let cache: string;
  let server: TestServer;
  let admin: Session;
  const ids: Record<string, string> = {};
  const nameOf = (id: string): string => Object.entries(ids).find(([, value]) => value === id)?.[0] ?? id;

  prepare(async () => {
    cache = mkdtempSync(join(tmpdir(), 'imt-ml-'));
    for (const [from, to] of kModels) {
      mkdirSync(join(cache, to, '..'), { recursive: true });
      cpSync(join(models!, from), join(cache, to));
    }
    const port = await freePort();
    child = spawn('setpriv', ['--pdeathsig', 'TERM', service!], {
      env: {
        PATH: process.env['PATH'],
        IMMICH_HOST: '127.0.0.1',
        IMMICH_PORT: String(port),
        MACHINE_LEARNING_CACHE_FOLDER: cache,
        MACHINE_LEARNING_PROVIDERS: 'cpu',
        HF_HUB_OFFLINE: 'true',
        ASAN_OPTIONS: 'detect_leaks=0',
      },
      stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}`;
    await eventually(async () => (await fetch(`${url}/ping`)).ok, { timeoutMs: 30_000, what: 'the ml service' });
    server = await TestServer.start({
      env: {
        IMMICH_MACHINE_LEARNING_ENABLED: undefined,
        IMMICH_MACHINE_LEARNING_URL: url,
      },
    });
    admin = await signUpAdmin(server);
    const config = expectStatus(await admin.client.get('/system-config'), 200, 'configuration');
    config.machineLearning.facialRecognition.minFaces = 2;
    config.machineLearning.ocr.enabled = false;
    expectStatus(await admin.client.put('/system-config', config), 200, 'configuration');
    for (const path of [
      'faces/portrait.jpg',
      'faces/portrait-orientation-6.jpg',
      'albums/text/japanese-shop.jpg',
      'albums/nature/prairie_falcon.jpg',
      'albums/nature/silver_fir.jpg',
      'albums/text/book-beside-flowers.jpg',
    ]) {
      const name = basename(path);
      ids[name] = await upload(admin, readFileSync(join(shared!, 'media', path)), { name });
    }
    await waitForQueues(admin);
    for (const queue of ['smartSearch', 'faceDetection', 'facialRecognition', 'thumbnailGeneration']) {
      expect(await failedJobs(admin, queue), queue).toEqual([]);
    }
  }, 240_000);
  afterAll(async () => {
    await server?.destroy();
    child?.kill('SIGTERM');
    if (cache) {
      rmSync(cache, { recursive: true, force: true });
    }
  });

  it('takes a portrait and its rotated copy for one person', async () => {
    const named = expectStatus(
      await admin.client.get('/faces', { query: { id: ids['portrait.jpg']! } }),
      200,
      'faces of the portrait',
    );
    expect(named).toHaveLength(1);
    const { id } = named[0].person;
    expect(await getPersonStatistics({ id }, admin.sdk)).toEqual({ assets: 2 });
  });

  it('finds the shop by what is in it', async () => {
    const { assets } = await searchSmart({ smartSearchDto: { query: 'clock' } }, admin.sdk);
    expect(nameOf(assets.items[0]!.id)).toBe('japanese-shop.jpg');
  });
});
