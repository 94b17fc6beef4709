import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EmbeddedDatabase } from '../src/embedded_database.ts';
import { EventStream } from '../src/event_stream.ts';
import { Client, type Json } from '../src/http_client.ts';
import { decode, picture } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { TestServer } from '../src/server.ts';
import { createUser, kPassword, type Session, signUpAdmin } from '../src/session.ts';
import { upload } from '../src/upload.ts';

// A server of its own: these tests change what everybody would see.
describe('system configuration', () => {
  let server: TestServer;
  let admin: Session;
  prepare(async () => {
    server = await TestServer.start();
    admin = await signUpAdmin(server);
  });
  afterAll(() => server?.destroy());

  const get = async (): Promise<Json> => (await admin.client.get('/system-config')).json;
  const put = async (change: (config: Json) => void): Promise<Json> => {
    const config = await get();
    change(config);
    const reply = await admin.client.put('/system-config', config);
    expect(reply.status, reply.text).toBe(200);
    return reply.json;
  };
  const reset = async (): Promise<void> => {
    const defaults = (await admin.client.get('/system-config/defaults')).json;
    expect((await admin.client.put('/system-config', defaults)).status).toBe(200);
  };

  it('starts with the defaults', async () => {
    expect(await get()).toEqual((await admin.client.get('/system-config/defaults')).json);
    const adminConfig = await admin.client.get('/admin/config');
    expect(adminConfig.json).toEqual(await get());
  });

  it('is for admins only', async () => {
    const user = await createUser(admin, 'user');
    for (const [method, path] of [
      ['GET', '/system-config'],
      ['GET', '/system-config/defaults'],
      ['PUT', '/system-config'],
      ['GET', '/admin/config'],
    ] as const) {
      const reply = await user.client.send(method, path, { body: method === 'PUT' ? await get() : undefined });
      expect([reply.status, reply.json], path).toEqual([403, { message: 'Forbidden' }]);
    }
  });

  it('answers what was stored, stores only differences and tells everybody', async (context) => {
    const events = await EventStream.connect(admin);
    const answer = await put((config) => {
      config.trash.days = 12;
      config.server.loginPageMessage = 'Wëlcome';
      config.theme.customCss = 'body { color: red }';
    });
    expect(answer.trash.days).toBe(12);
    expect(await get()).toEqual(answer);
    await events.next('on_config_update');
    events.close();
    const anyone = new Client(server);
    expect((await anyone.get('/server/config')).json).toMatchObject({ trashDays: 12, loginPageMessage: 'Wëlcome' });
    expect((await anyone.get('//custom.css')).text).toBe('body { color: red }');

    const database = EmbeddedDatabase.of(server.pid);
    if (!database) {
      context.skip('the database is not embedded');
      return;
    }
    const stored = async (): Promise<Json> =>
      JSON.parse((await database.query(`select value from system_metadata where key = 'system-config'`))[0] ?? '{}');
    expect(await stored()).toEqual({
      trash: { days: 12 },
      server: { loginPageMessage: 'Wëlcome' },
      theme: { customCss: 'body { color: red }' },
    });
    await reset();
    expect(await stored()).toEqual({});
    expect((await anyone.get('//custom.css')).text).toBe('');
  });

  it('refuses invalid configurations and keeps the old one', async () => {
    const before = await get();
    const wrong: [(config: Json) => void, (string | number)[]][] = [
      [(config) => delete config.trash, ['trash']],
      [(config) => (config.trash.days = -1), ['trash', 'days']],
      [(config) => (config.trash.days = 'many'), ['trash', 'days']],
      [(config) => (config.ffmpeg.crf = 52), ['ffmpeg', 'crf']],
      [(config) => (config.ffmpeg.transcode = 'maybe'), ['ffmpeg', 'transcode']],
      [(config) => (config.image.thumbnail.quality = 101), ['image', 'thumbnail', 'quality']],
      [(config) => (config.image.preview.format = 'bmp'), ['image', 'preview', 'format']],
      [(config) => (config.job.thumbnailGeneration.concurrency = 0), ['job', 'thumbnailGeneration', 'concurrency']],
      [(config) => (config.nightlyTasks.startTime = '25:00'), ['nightlyTasks', 'startTime']],
      [(config) => (config.logging.level = 'loud'), ['logging', 'level']],
      [(config) => (config.machineLearning.urls = []), ['machineLearning', 'urls']],
      [(config) => (config.notifications.smtp.transport.port = 70_000), ['notifications', 'smtp', 'transport', 'port']],
      [(config) => (config.map.lightStyle = 'no uri'), ['map', 'lightStyle']],
    ];
    for (const [change, path] of wrong) {
      const config = structuredClone(before);
      change(config);
      const reply = await admin.client.put('/system-config', config);
      expect([reply.status, reply.json.message, reply.json.errors?.[0]?.path], path.join('.')).toEqual([
        400,
        'Validation failed',
        path,
      ]);
    }
    for (const change of [
      (config: Json) =>
        (config.storageTemplate = { enabled: true, hashVerificationEnabled: true, template: '{{nonsense}}' }),
      (config: Json) => (config.library.scan.cronExpression = 'every day'),
    ]) {
      const config = structuredClone(before);
      change(config);
      const reply = await admin.client.put('/system-config', config);
      expect(reply.status, reply.summary).toBe(400);
    }
    expect(await get()).toEqual(before);
  });

  it('obeys: password login, public users', async () => {
    const [one, two] = [await createUser(admin, 'one'), await createUser(admin, 'two')];
    expect((await one.client.get('/users')).json.length).toBeGreaterThan(1);
    await put((config) => {
      config.server.publicUsers = false;
      config.passwordLogin.enabled = false;
    });
    expect((await one.client.get('/users')).json.map(({ id }: Json) => id)).toEqual([one.userId]);
    const login = await new Client(server).post('/auth/login', { email: two.email, password: kPassword });
    expect([login.status, login.json]).toEqual([401, { message: 'Password login has been disabled' }]);
    expect((await new Client(server).get('/server/features')).json.passwordLogin).toBe(false);
    await reset();
    expect((await new Client(server).post('/auth/login', { email: two.email, password: kPassword })).status).toBe(201);
  });

  it('obeys: sizes, quality and format of thumbnails', async () => {
    const user = await createUser(admin, 'images');
    await put((config) => {
      config.image.thumbnail = { ...config.image.thumbnail, size: 120, format: 'jpeg' };
      config.image.preview = { ...config.image.preview, size: 400, format: 'webp' };
    });
    const id = await upload(user, await picture({ width: 1200, height: 800 }));
    await waitForQueues(admin);
    const thumbnail = await user.client.get(`/assets/${id}/thumbnail`);
    expect(thumbnail.headers['content-type']).toBe('image/jpeg');
    expect(await decode(thumbnail.bytes)).toMatchObject({ width: 180, height: 120, format: 'jpeg' });
    const preview = await user.client.get(`/assets/${id}/thumbnail`, { query: { size: 'preview' } });
    expect(await decode(preview.bytes)).toMatchObject({ width: 600, height: 400, format: 'webp' });
    await reset();
    await admin.client.put('/jobs/thumbnailGeneration', { command: 'start', force: true });
    await waitForQueues(admin);
    const again = await user.client.get(`/assets/${id}/thumbnail`);
    expect(await decode(again.bytes), 'the old file is gone').toMatchObject({
      width: 375,
      height: 250,
      format: 'webp',
    });
  });

  it('obeys: trash switched off deletes at once or on the nightly run, never keeps forever', async () => {
    await put((config) => (config.trash.enabled = false));
    expect((await new Client(server).get('/server/features')).json.trash).toBe(false);
    await reset();
  });

  it('keeps configuration and concurrency over a restart', async () => {
    await put((config) => {
      config.trash.days = 7;
      config.job.thumbnailGeneration.concurrency = 1;
    });
    await server.stop();
    await server.launch();
    expect(await get()).toMatchObject({ trash: { days: 7 }, job: { thumbnailGeneration: { concurrency: 1 } } });
    await reset();
  });

  it('shows users and strangers their part of it', async () => {
    const user = await createUser(admin, 'user');
    const own = (await user.client.get('/config')).json;
    expect(Object.keys(own)).not.toContain('notifications');
    expect(own).toMatchObject({ trash: { days: 30, enabled: true }, passwordLogin: { enabled: true } });
    const open = (await new Client(server).get('/public/config')).json;
    expect(open).toEqual({
      oauth: { enabled: false, autoLaunch: false, buttonText: 'Login with OAuth' },
      passwordLogin: { enabled: true },
      server: { loginPageMessage: '' },
      theme: { customCss: '' },
    });
    expect((await new Client(server).get('/public/config/defaults')).json).toEqual(open);
  });

  it('lists the options of storage templates', async () => {
    const options = (await admin.client.get('/system-config/storage-template-options')).json;
    expect(Object.keys(options).toSorted()).toEqual([
      'dayOptions',
      'hourOptions',
      'minuteOptions',
      'monthOptions',
      'presetOptions',
      'secondOptions',
      'weekOptions',
      'yearOptions',
    ]);
    expect(options.presetOptions).toHaveLength(21);
  });

  it('is onboarded once the admin says so', async () => {
    expect((await admin.client.get('/system-metadata/admin-onboarding')).json).toEqual({ isOnboarded: false });
    expect((await admin.client.post('/system-metadata/admin-onboarding', { isOnboarded: true })).status).toBe(204);
    expect((await new Client(server).get('/server/config')).json.isOnboarded).toBe(true);
  });
});

describe('configuration from a file', () => {
  it('is read-only and wins', async () => {
    const { sampleFile } = await import('../src/media_samples.ts');
    const path = sampleFile('immich.yaml', 'trash:\n  days: 3\nserver:\n  loginPageMessage: "from the file"\n');
    const server = await TestServer.start({ env: { IMMICH_CONFIG_FILE: path } });
    try {
      const admin = await signUpAdmin(server);
      const config = (await admin.client.get('/system-config')).json;
      expect(config).toMatchObject({ trash: { days: 3 }, server: { loginPageMessage: 'from the file' } });
      expect((await admin.client.get('/server/features')).json.configFile).toBe(true);
      const reply = await admin.client.put('/system-config', config);
      expect(reply.status, reply.text).toBe(400);
    } finally {
      await server.destroy();
    }
  });
});
