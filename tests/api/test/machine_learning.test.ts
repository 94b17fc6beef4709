import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { getAssetOcr, getPersonStatistics, searchAssets, searchSmart } from '@immich/sdk';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { eventually } from '../src/eventually.ts';
import { failedJobs, getQueues, waitForQueues } from '../src/queues.ts';
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
  ['coco/centernet.onnx', 'object-detection/coco/detection/model.onnx'],
];
/** Models of text come from an npm package (tools/setup/test_models.sh). */
const kTextModels: [from: string, to: string][] = [
  ['ch_PP-OCRv4_det_infer.onnx', 'ocr/PP-OCRv5_mobile/detection/model.onnx'],
  ['ch_PP-OCRv4_rec_infer.onnx', 'ocr/PP-OCRv5_mobile/recognition/model.onnx'],
  ['ppocr_keys_v1.txt', 'ocr/PP-OCRv5_mobile/recognition/keys.txt'],
];
const service = ['release', 'debug']
  .map((preset) => join(repoRoot, 'build', preset, 'ml/immich-machine-learning'))
  .find((path) => existsSync(path));
const shared = sharedFolder();
const models = shared && join(shared, 'models');
const textModels = join(repoRoot, '.deps/ml-models/ocr');
const readsText = kTextModels.every(([from]) => existsSync(join(textModels, from)));
const missing = !service
  ? 'build/*/ml/immich-machine-learning is not built'
  : !models || kModels.some(([from]) => !existsSync(join(models, from)))
    ? '../shared/models is absent'
    : '';

describe.skipIf(missing)(`the service itself${missing && ` [skipped: ${missing}]`}`, () => {
  let child: ChildProcess;
  let cache: string;
  let port: number;
  let server: TestServer;
  let admin: Session;
  const ids: Record<string, string> = {};
  const nameOf = (id: string): string => Object.entries(ids).find(([, value]) => value === id)?.[0] ?? id;

  async function startService(): Promise<void> {
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
  }

  async function stopService(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  const objectsOf = async (name: string): Promise<string[]> =>
    expectStatus(await admin.client.get(`/assets/${ids[name]}/objects`), 200, 'objects')
      .map(({ label }: { label: string }) => label)
      .toSorted();

  prepare(async () => {
    cache = mkdtempSync(join(tmpdir(), 'imt-ml-'));
    for (const [from, to] of kModels) {
      mkdirSync(join(cache, to, '..'), { recursive: true });
      cpSync(join(models!, from), join(cache, to));
    }
    if (readsText) {
      for (const [from, to] of kTextModels) {
        mkdirSync(join(cache, to, '..'), { recursive: true });
        cpSync(join(textModels, from), join(cache, to));
      }
    }
    port = await freePort();
    await startService();
    server = await TestServer.start({
      env: {
        IMMICH_MACHINE_LEARNING_ENABLED: undefined,
        IMMICH_MACHINE_LEARNING_URL: `http://127.0.0.1:${port}`,
        IMMICH_OBJECT_DETECTION_MODEL: 'test/coco',
      },
    });
    admin = await signUpAdmin(server);
    const config = expectStatus(await admin.client.get('/system-config'), 200, 'configuration');
    config.machineLearning.facialRecognition.minFaces = 2;
    config.machineLearning.ocr.enabled = readsText;
    expectStatus(await admin.client.put('/system-config', config), 200, 'configuration');
    for (const path of [
      'faces/portrait.jpg',
      'faces/portrait-orientation-6.jpg',
      'albums/text/japanese-shop.jpg',
      'albums/nature/prairie_falcon.jpg',
      'albums/nature/silver_fir.jpg',
      'albums/text/book-beside-flowers.jpg',
      'albums/text/craft-beer.jpg',
      'albums/text/handwritten-notes.jpg',
    ]) {
      const name = basename(path);
      ids[name] = await upload(admin, readFileSync(join(shared!, 'media', path)), { name });
    }
    await waitForQueues(admin);
    for (const queue of ['smartSearch', 'faceDetection', 'facialRecognition', 'ocr', 'thumbnailGeneration']) {
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

  // The clock is in the middle. The bicycle is at the right edge, outside of the square that CLIP's preprocessing cuts out
  // of a wide picture: only object detection, which looks at all of it, can see it.
  it('finds the shop by what is in it', async () => {
    for (const query of ['clock', 'a photo of a clock']) {
      const { assets } = await searchSmart({ smartSearchDto: { query } }, admin.sdk);
      expect(nameOf(assets.items[0]!.id), query).toBe('japanese-shop.jpg');
    }
  });

  it('sees persons, the bicycle and the clock', async () => {
    expect(await objectsOf('japanese-shop.jpg')).toEqual(expect.arrayContaining(['bicycle', 'clock']));
    expect(await objectsOf('portrait.jpg')).toContain('person');
    expect(await objectsOf('silver_fir.jpg')).toEqual([]);
    expect(
      expectStatus(await admin.client.get('/search/suggestions', { query: { type: 'object' } }), 200, 'suggestions'),
    ).toEqual(expect.arrayContaining(['bicycle', 'clock', 'person']));
    for (const [route, body] of [
      ['/search/smart', { query: 'bicycle', objects: ['bicycle'] }],
      ['/search/metadata', { objects: ['bicycle', 'clock'] }],
    ] as const) {
      const found = expectStatus(await admin.client.post(route, body), 200, route);
      expect(found.assets.items.map(({ id }: { id: string }) => nameOf(id)), route).toEqual(['japanese-shop.jpg']);
    }
  });

  it.skipIf(!readsText)(
    `finds printed text${readsText ? '' : ' [skipped: .deps/ml-models/ocr is absent, tools/setup/test_models.sh]'}`,
    async () => {
      const lines = await getAssetOcr({ id: ids['japanese-shop.jpg']! }, admin.sdk);
      expect(lines.map(({ text }) => text)).toContain('KIRIN');
      for (const [ocr, name] of [
        ['kirin', 'japanese-shop.jpg'],
        ['seasonal', 'craft-beer.jpg'],
        ['Ali Ural', 'book-beside-flowers.jpg'],
        ['important', 'handwritten-notes.jpg'],
      ] as const) {
        const { assets } = await searchAssets({ metadataSearchDto: { ocr } }, admin.sdk);
        expect(assets.items.map(({ id }) => nameOf(id)), ocr).toEqual([name]);
      }
    },
  );

  it('survives the death of the service: jobs fail, searches say so, a later run completes both', async () => {
    await stopService('SIGKILL');
    const name = 'wood_anemones.jpg';
    ids[name] = await upload(admin, readFileSync(join(shared!, 'media/albums/nature', name)), { name });
    await waitForQueues(admin);
    expect(await failedJobs(admin, 'smartSearch')).not.toEqual([]);
    const away = await admin.client.post('/search/smart', { query: 'person' });
    expect(away.status).toBe(503);
    expect(away.json.message).toMatch(/^Smart search is not available/);
    await startService();
    for (const queue of ['smartSearch', 'faceDetection', 'ocr']) {
      expectStatus(await admin.client.put(`/jobs/${queue}`, { command: 'start', force: false }), 200, queue);
    }
    await waitForQueues(admin);
    // Not first of necessity: the test model sees nothing in flowers and in firs alike.
    const { assets } = await searchSmart({ smartSearchDto: { queryAssetId: ids[name]! } }, admin.sdk);
    expect(assets.items.map(({ id }) => nameOf(id))).toContain(name);
    const again = await searchSmart({ smartSearchDto: { query: 'person' } }, admin.sdk);
    expect(again.assets.items).not.toEqual([]);
  });

  it('is killed in the middle of jobs without harm', async () => {
    expectStatus(await admin.client.put('/jobs/smartSearch', { command: 'start', force: true }), 200, 'start');
    await eventually(async () => (await getQueues(admin))['smartSearch']!.jobCounts.active > 0, {
      intervalMs: 5,
      what: 'a running job',
    });
    await stopService('SIGKILL');
    await waitForQueues(admin);
    await startService();
    expectStatus(await admin.client.put('/jobs/smartSearch', { command: 'start', force: false }), 200, 'start');
    await waitForQueues(admin);
    const { assets } = await searchSmart({ smartSearchDto: { query: 'clock' } }, admin.sdk);
    expect(assets.items).toHaveLength(Object.keys(ids).length);
    expect(nameOf(assets.items[0]!.id)).toBe('japanese-shop.jpg');
  });
});
