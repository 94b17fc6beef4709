import { randomUUID } from 'node:crypto';
import {
  createFace,
  getAllPeople,
  getFaces,
  getPersonStatistics,
  mergePersonLegacy,
  searchPerson,
  updatePerson,
} from '@immich/sdk';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EventStream } from '../src/event_stream.ts';
import { coloured, FakeMachineLearning } from '../src/fake_machine_learning.ts';
import { decode } from '../src/media_samples.ts';
import { waitForQueues } from '../src/queues.ts';
import { TestServer } from '../src/server.ts';
import { createUser, expectStatus, type Session, signUpAdmin } from '../src/session.ts';
import { upload } from '../src/upload.ts';

let server: TestServer;
let ml: FakeMachineLearning;
let admin: Session;
let user: Session;
const reds: string[] = [];
const greens: string[] = [];

prepare(async () => {
  ml = await FakeMachineLearning.start();
  server = await TestServer.start({
    env: { IMMICH_MACHINE_LEARNING_ENABLED: undefined, IMMICH_MACHINE_LEARNING_URL: ml.url },
  });
  admin = await signUpAdmin(server);
  user = await createUser(admin, 'people');
  for (let i = 0; i < 4; i++) {
    reds.push(await upload(user, await coloured(250 - i * 10, 20, 20), { name: `red${i}.jpg` }));
  }
  for (let i = 0; i < 3; i++) {
    greens.push(await upload(user, await coloured(20, 250 - i * 10, 20), { name: `green${i}.jpg` }));
  }
  await waitForQueues(admin);
}, 240_000);
afterAll(async () => {
  await server?.destroy();
  await ml?.stop();
});

describe('people', () => {
  it('are found in the pictures, with a picture of their own', async () => {
    const list = await getAllPeople({}, user.sdk);
    expect(list).toMatchObject({ total: 2, hidden: 0, hasNextPage: false });
    expect(list.people).toHaveLength(2);
    const counts = await Promise.all(list.people.map(({ id }) => getPersonStatistics({ id }, user.sdk)));
    expect(counts.map(({ assets }) => assets)).toEqual([4, 3]);
    for (const { id } of list.people) {
      const reply = await user.client.get(`/people/${id}/thumbnail`);
      expect(reply.status, reply.summary).toBe(200);
      expect(reply.headers['cache-control']).toBe('private, no-cache, no-transform');
      expect(await decode(reply.bytes)).toMatchObject({ format: 'jpeg' });
    }
  });

  it('are named, searched, hidden and refused to strangers', async () => {
    const [red] = (await getAllPeople({}, user.sdk)).people;
    await updatePerson({ id: red!.id, personUpdateDto: { name: 'Anna Müller', birthDate: '1990-02-03' } }, user.sdk);
    expect((await searchPerson({ name: 'anna' }, user.sdk)).map(({ name }) => name)).toEqual(['Anna Müller']);
    const search = expectStatus(await user.client.post('/search/metadata', { personIds: [red!.id] }), 200, 'search');
    expect(search.assets.items).toHaveLength(4);
    expect((await user.client.put(`/people/${red!.id}`, { birthDate: '2999-01-01' })).status).toBe(400);
    const stranger = await createUser(admin, 'stranger');
    for (const path of ['', '/statistics', '/thumbnail']) {
      expect((await stranger.client.get(`/people/${red!.id}${path}`)).status, path).toBe(400);
    }
    expect((await stranger.client.get('/faces', { query: { id: reds[0]! } })).status).toBe(400);
    expect((await user.client.get(`/people/${randomUUID()}`)).status).toBe(400);
    await updatePerson({ id: red!.id, personUpdateDto: { isHidden: true } }, user.sdk);
    expect(await getAllPeople({}, user.sdk)).toMatchObject({ total: 2, hidden: 1 });
    expect((await getAllPeople({}, user.sdk)).people).toHaveLength(1);
    expect((await getAllPeople({ withHidden: true }, user.sdk)).people).toHaveLength(2);
    await updatePerson({ id: red!.id, personUpdateDto: { isHidden: false } }, user.sdk);
  });

  it('are marked by hand', async () => {
    const person = expectStatus(await user.client.post('/people', { name: 'By hand' }), 201, 'creating');
    await createFace(
      {
        assetFaceCreateDto: {
          assetId: reds[0]!,
          personId: person.id,
          imageWidth: 400,
          imageHeight: 300,
          x: 300,
          y: 200,
          width: 50,
          height: 60,
        },
      },
      user.sdk,
    );
    const faces = await getFaces({ id: reds[0]! }, user.sdk);
    expect(faces.map(({ sourceType }) => sourceType)).toEqual(['machine-learning', 'manual']);
    expect(faces[1]).toMatchObject({ boundingBoxX1: 300, boundingBoxY2: 260, person: { name: 'By hand' } });
    expect((await user.client.delete(`/faces/${faces[1]!.id}`, { force: true })).status).toBe(204);
    expect(await getFaces({ id: reds[0]! }, user.sdk)).toHaveLength(1);
  });

  it('become one, and faces move', async () => {
    const [first, second] = (await getAllPeople({}, user.sdk)).people;
    const [face] = await getFaces({ id: greens[0]! }, user.sdk);
    const moved = expectStatus(await user.client.put(`/faces/${first!.id}`, { id: face!.id }), 200, 'moving');
    expect(moved.id).toBe(first!.id);
    expect((await getPersonStatistics({ id: first!.id }, user.sdk)).assets).toBe(5);
    expect((await user.client.post(`/people/${first!.id}/merge`, { ids: [first!.id] })).status).toBe(400);
    const outcomes = await mergePersonLegacy(
      { id: first!.id, mergePersonDto: { ids: [second!.id, randomUUID()] } },
      user.sdk,
    );
    expect(outcomes.map(({ success, error }) => error ?? success)).toEqual([true, 'not_found']);
    expect((await getPersonStatistics({ id: first!.id }, user.sdk)).assets).toBe(7);
  });

  it('are found anew when everything is recognised again', async () => {
    const events = await EventStream.connect(user);
    expectStatus(await admin.client.put('/jobs/facialRecognition', { command: 'start', force: true }), 200, 'start');
    await waitForQueues(admin);
    expect((await getAllPeople({}, user.sdk)).total).toBe(2);
    await events.next('on_person_thumbnail');
    events.close();
    expectStatus(await admin.client.put('/jobs/faceDetection', { command: 'start', force: true }), 200, 'start');
    await waitForQueues(admin);
    expect((await getAllPeople({}, user.sdk)).total).toBe(2);
    expect((await user.client.delete('/people', { ids: [(await getAllPeople({}, user.sdk)).people[0]!.id] })).status).toBe(
      204,
    );
    expect((await getAllPeople({}, user.sdk)).total).toBe(1);
  });
});
