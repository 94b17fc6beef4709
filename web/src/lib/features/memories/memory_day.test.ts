import { beforeEach, describe, expect, it, vi } from 'vitest';
import { settings } from '$lib/api';
import { expectsMemories, memoriesOf, rememberMemories, titleOf, today } from './memory_day';
import { stepFrom } from './memory_steps';

describe('memories of a day', () => {
  beforeEach(() => localStorage.clear());

  it('are asked for by the day of the person', async () => {
    const fetched = vi.spyOn(settings, 'fetch').mockImplementation(async () =>
      Response.json([
        { id: 'a', memoryAt: '2019-05-01T00:00:00.000Z', data: { year: 2019 }, assets: [{}] },
        { id: 'empty', memoryAt: '2022-05-01T00:00:00.000Z', data: { year: 2022 }, assets: [] },
        { id: 'b', memoryAt: '2023-05-01T00:00:00.000Z', data: { year: 2023 }, assets: [{}] },
      ]),
    );
    expect((await memoriesOf(today(new Date(2024, 4, 1, 23, 59)))).map((one) => one.id)).toEqual(['b', 'a']);
    expect(String(fetched.mock.calls[0][0])).toContain('for=2024-05-01');
    fetched.mockRestore();
  });

  it('say how long ago', () => {
    const now = new Date(2024, 4, 1);
    expect(titleOf({ data: { year: 2021 } }, now)).toBe('3 years ago');
    expect(titleOf({ data: { year: 2023 } }, now)).toBe('A year ago');
  });

  it('keep their place for one person and one day', () => {
    rememberMemories('ada', true, '2024-05-01');
    expect(expectsMemories('ada', '2024-05-01')).toBe(true);
    expect(expectsMemories('ben', '2024-05-01')).toBe(false);
    expect(expectsMemories('ada', '2024-05-02')).toBe(false);
    rememberMemories('ada', false, '2024-05-01');
    expect(expectsMemories('ada', '2024-05-01')).toBe(false);
  });
});

describe('steps', () => {
  const sizes = [2, 1, 3];
  it('go on to the next memory and stop at the ends', () => {
    expect(stepFrom({ memory: 0, photo: 0 }, 1, sizes)).toEqual({ memory: 0, photo: 1 });
    expect(stepFrom({ memory: 0, photo: 1 }, 1, sizes)).toEqual({ memory: 1, photo: 0 });
    expect(stepFrom({ memory: 2, photo: 0 }, -1, sizes)).toEqual({ memory: 1, photo: 0 });
    expect(stepFrom({ memory: 1, photo: 0 }, -1, sizes)).toEqual({ memory: 0, photo: 1 });
    expect(stepFrom({ memory: 0, photo: 0 }, -1, sizes)).toBeUndefined();
    expect(stepFrom({ memory: 2, photo: 2 }, 1, sizes)).toBeUndefined();
  });
});
