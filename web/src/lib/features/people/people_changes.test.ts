import { afterEach, describe, expect, it, vi } from 'vitest';
import { settings, type PersonResponseDto } from '$lib/api';
import { hiddenChanges } from './people_changes';
import { allPeople, matches, mergeInto, namesake } from './person_actions';

const person = (id: string, name = '', isHidden = false): PersonResponseDto => ({ id, name, isHidden, birthDate: null, thumbnailPath: '' });

describe('people', () => {
  afterEach(() => vi.restoreAllMocks());

  it('are sent only when they change', () => {
    const people = [person('a'), person('b', '', true), person('c', '', true), person('d')];
    expect(hiddenChanges(people, new Set(['b', 'd']))).toEqual([
      { id: 'c', isHidden: false },
      { id: 'd', isHidden: true },
    ]);
  });

  it('are found whatever the capitals and accents', () => {
    expect(matches(person('a', 'Zoë Brontë'), 'zoe b')).toBe(true);
    expect(matches(person('a', 'Zoe'), ' ZOË ')).toBe(true);
    expect(matches(person('a', 'Zoe'), 'zoo')).toBe(false);
  });

  it('are read to the last page', async () => {
    vi.spyOn(settings, 'fetch').mockImplementation(async (input) => {
      const page = Number(new URL(String(input), 'http://x').searchParams.get('page'));
      return Response.json({ people: [person(`p${page}`)], hasNextPage: page < 3, hidden: 0, total: 3 });
    });
    expect((await allPeople(true)).map(({ id }) => id)).toEqual(['p1', 'p2', 'p3']);
  });

  it('are merged into the first, and a failure is told', async () => {
    const fetched = vi.spyOn(settings, 'fetch').mockImplementation(async () => Response.json([{ id: 'b', success: true }, { id: 'c', success: false }]));
    await expect(mergeInto('a', ['b', 'c'])).rejects.toThrow('Not all could be merged');
    expect(JSON.parse(String(fetched.mock.calls[0][1]?.body))).toEqual({ ids: ['a', 'b', 'c'] });
  });

  it('have namesakes, but never themselves', async () => {
    vi.spyOn(settings, 'fetch').mockImplementation(async () => Response.json([person('a', 'Anna'), person('b', 'Anna Maria'), person('c', 'anna')]));
    expect((await namesake(person('a', 'Anna')))?.id).toBe('c');
    expect(await namesake(person('a'))).toBeUndefined();
  });
});
