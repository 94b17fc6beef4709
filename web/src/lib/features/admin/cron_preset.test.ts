import { describe, expect, it } from 'vitest';
import { presetOf } from './cron_preset';

describe('presetOf', () => {
  it('knows an expression however it is written', () => {
    expect(presetOf('0 02 * * *')).toBe('0 2 * * *');
    expect(presetOf('  0   0 * * * ')).toBe('0 0 * * *');
  });
  it('leaves others alone', () => {
    expect(presetOf('5 2 * * *')).toBeUndefined();
    expect(presetOf('')).toBeUndefined();
  });
});
