import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { eventually } from '../src/eventually.ts';
import type { Json } from '../src/http_client.ts';
import { picture } from '../src/media_samples.ts';
import { failedJobs, getQueues, waitForQueues } from '../src/queues.ts';
import { TestServer } from '../src/server.ts';
import { createUser, type Session, signUpAdmin } from '../src/session.ts';
import { upload } from '../src/upload.ts';

const kQueues = [
  'thumbnailGeneration',
  'metadataExtraction',
  'videoConversion',
  'faceDetection',
  'facialRecognition',
  'smartSearch',
  'duplicateDetection',
  'backgroundTask',
  'storageTemplateMigration',
  'migration',
  'search',
  'sidecar',
  'library',
  'notifications',
  'backupDatabase',
  'ocr',
  'workflow',
  'integrityCheck',
  'editor',
];
const kStartable = [
  'videoConversion',
  'storageTemplateMigration',
  'migration',
  'smartSearch',
  'duplicateDetection',
  'metadataExtraction',
  'sidecar',
  'thumbnailGeneration',
  'faceDetection',
  'facialRecognition',
  'library',
  'ocr',
];

// Pauses queues, so it has a server of its own.
describe('queues', () => {
  let server: TestServer;
  let admin: Session;
  let user: Session;
  prepare(async () => {
    server = await TestServer.start();
    admin = await signUpAdmin(server);
    user = await createUser(admin, 'jobs');
  });
  afterAll(() => server?.destroy());

  it('lists all nineteen with their counts', async () => {
    const queues = await getQueues(admin);
    expect(Object.keys(queues).toSorted()).toEqual(kQueues.toSorted());
    for (const queue of Object.values(queues)) {
      expect(queue).toEqual({
        jobCounts: {
          active: expect.any(Number),
          completed: 0,
          failed: 0,
          delayed: 0,
          waiting: expect.any(Number),
          paused: 0,
        },
        queueStatus: { isActive: expect.any(Boolean), isPaused: false },
      });
    }
    const list = (await admin.client.get('/queues')).json;
    expect(list.map(({ name }: Json) => name).toSorted()).toEqual(kQueues.toSorted());
    expect(list[0]).toEqual({
      name: expect.any(String),
      isPaused: false,
      statistics: expect.objectContaining({ failed: 0 }),
    });
    expect((await admin.client.get('/queues/sidecar')).json).toMatchObject({ name: 'sidecar', isPaused: false });
    expect((await admin.client.get('/queues/nothing')).status).toBe(400);
  });

  it('is for admins only', async () => {
    for (const path of ['/jobs', '/queues', '/queues/sidecar', '/queues/sidecar/jobs']) {
      const reply = await user.client.get(path);
      expect([reply.status, reply.json], path).toEqual([403, { message: 'Forbidden' }]);
    }
  });

  it('holds jobs while paused and runs them after', async () => {
    const paused = await admin.client.put('/jobs/thumbnailGeneration', { command: 'pause' });
    expect([paused.status, paused.json.queueStatus.isPaused], paused.text).toEqual([200, true]);
    const id = await upload(user, await picture());
    const waiting = await eventually(
      async () => {
        const { statistics } = (await admin.client.get('/queues/thumbnailGeneration')).json;
        return statistics.waiting + statistics.paused > 0 && statistics;
      },
      { what: 'a waiting thumbnail job' },
    );
    expect(waiting.active).toBe(0);
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(404);
    const jobs = (await admin.client.get('/queues/thumbnailGeneration/jobs')).json;
    expect(jobs).toEqual([
      expect.objectContaining({
        name: 'AssetGenerateThumbnails',
        timestamp: expect.any(Number),
        data: expect.objectContaining({ id }),
      }),
    ]);
    const resumed = await admin.client.put('/queues/thumbnailGeneration', { isPaused: false });
    expect([resumed.status, resumed.json.isPaused]).toEqual([200, false]);
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(200);
  });

  it('stays paused over a restart', async () => {
    await admin.client.put('/queues/metadataExtraction', { isPaused: true });
    const id = await upload(user, await picture());
    await server.stop();
    await server.launch();
    expect((await admin.client.get('/queues/metadataExtraction')).json.isPaused).toBe(true);
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(404);
    await admin.client.put('/queues/metadataExtraction', { isPaused: false });
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(200);
  });

  it('empties', async () => {
    await admin.client.put('/queues/metadataExtraction', { isPaused: true });
    await upload(user, await picture());
    const emptied = await admin.client.put('/jobs/metadataExtraction', { command: 'empty' });
    expect(emptied.status, emptied.text).toBe(200);
    const { statistics } = (await admin.client.get('/queues/metadataExtraction')).json;
    expect(statistics.waiting + statistics.paused).toBe(0);
    await admin.client.put('/queues/metadataExtraction', { isPaused: false });
    // What was thrown away is found again as missing.
    expect((await admin.client.put('/jobs/metadataExtraction', { command: 'start', force: false })).status).toBe(200);
    await waitForQueues(admin);
  });

  it('never pauses background tasks', async () => {
    const reply = await admin.client.put('/queues/backgroundTask', { isPaused: true });
    expect(reply.status, reply.text).toBe(400);
  });

  it('keeps failed jobs with their reason until they are cleared', async () => {
    const id = await upload(user, Buffer.from('this is no picture at all'), { name: 'broken.jpg' });
    await waitForQueues(admin);
    const failed = (await failedJobs(admin, 'thumbnailGeneration')).filter(({ data }) => data.id === id);
    expect(failed).toHaveLength(1);
    expect((await getQueues(admin))['thumbnailGeneration']!.jobCounts.failed).toBeGreaterThan(0);
    expect((await admin.client.put('/jobs/thumbnailGeneration', { command: 'clear-failed' })).status).toBe(200);
    expect(await failedJobs(admin, 'thumbnailGeneration')).toEqual([]);
    await upload(user, Buffer.from('again no picture'), { name: 'broken.jpg' });
    await waitForQueues(admin);
    expect((await admin.client.delete('/queues/thumbnailGeneration/jobs', { failed: true })).status).toBe(204);
    expect(await failedJobs(admin, 'thumbnailGeneration')).toEqual([]);
  });

  it('starts what can be started, whatever force says', async () => {
    for (const name of kStartable) {
      for (const force of [undefined, false, true]) {
        const reply = await admin.client.put(
          `/jobs/${name}`,
          { command: 'start', ...(force === undefined ? {} : { force }) },
          { allow501: true },
        );
        // Machine learning is off: those may refuse, but not break.
        expect([200, 400, 501], `${name} ${force}: ${reply.summary}`).toContain(reply.status);
        await waitForQueues(admin);
      }
    }
    for (const name of ['search', 'notifications', 'backgroundTask', 'workflow', 'editor', 'integrityCheck']) {
      const reply = await admin.client.put(`/jobs/${name}`, { command: 'start' });
      expect(reply.status, `${name}: ${reply.summary}`).toBe(400);
    }
    expect((await admin.client.put('/jobs/sidecar', { command: 'dance' })).json.message).toBe('Validation failed');
    expect((await admin.client.put('/jobs/nothing', { command: 'start' })).status).toBe(400);
  }, 240_000);

  it('fills in missing thumbnails and metadata', async () => {
    const { rmSync } = await import('node:fs');
    const { join } = await import('node:path');
    const id = await upload(user, await picture());
    await waitForQueues(admin);
    rmSync(join(server.mediaLocation, 'thumbs', user.userId), { recursive: true });
    await admin.client.put('/jobs/thumbnailGeneration', { command: 'start', force: true });
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}/thumbnail`)).status).toBe(200);
    await admin.client.put('/jobs/metadataExtraction', { command: 'start', force: true });
    await waitForQueues(admin);
    expect((await user.client.get(`/assets/${id}`)).json.exifInfo.exifImageWidth).toBe(64);
  });

  it('runs the jobs one can create', async () => {
    for (const name of ['person-cleanup', 'tag-cleanup', 'user-cleanup', 'memory-cleanup', 'memory-create']) {
      const reply = await admin.client.post('/jobs', { name }, { allow501: true });
      expect([204, 501], `${name}: ${reply.summary}`).toContain(reply.status);
    }
    await waitForQueues(admin);
    expect((await admin.client.post('/jobs', { name: 'coffee' })).json.message).toBe('Validation failed');
  });
});
