import { describe, expect, it } from 'vitest';
import { fieldOf, isEqual, merged, readable, valueAt, withValue } from './config_tree';

describe('settings as a tree', () => {
  const config = { trash: { enabled: true, days: 30 }, machineLearning: { urls: ['a'] } };

  it('chooses an editor by the default', () => {
    expect(fieldOf('trash.enabled', true).kind).toBe('switch');
    expect(fieldOf('trash.days', 30).kind).toBe('number');
    expect(fieldOf('ffmpeg.accel', 'disabled')).toMatchObject({ kind: 'choice', name: 'accel' });
    expect(fieldOf('ffmpeg.acceptedVideoCodecs', ['h264']).kind).toBe('choices');
    expect(fieldOf('machineLearning.urls', []).kind).toBe('lines');
    expect(fieldOf('oauth.clientSecret', '').kind).toBe('secret');
    expect(fieldOf('oauth.defaultStorageQuota', null)).toMatchObject({ kind: 'number', isOptional: true });
  });

  it('replaces one value and leaves the original alone', () => {
    const next = withValue(config, 'trash.days', 7);
    expect(valueAt(next, 'trash.days')).toBe(7);
    expect(valueAt(config, 'trash.days')).toBe(30);
    expect(next.machineLearning).toBe(config.machineLearning);
  });

  it('compares by content', () => {
    expect(isEqual(config, structuredClone(config))).toBe(true);
    expect(isEqual(config, withValue(config, 'machineLearning.urls', ['a', 'b']))).toBe(false);
    expect(isEqual([], {})).toBe(false);
  });

  it('takes from a file only what fits', () => {
    const read = merged(config, config, { trash: { days: 5, enabled: 'yes' }, unknown: { x: 1 } });
    expect(read).toEqual({ trash: { enabled: true, days: 5 }, machineLearning: { urls: ['a'] } });
  });

  it('makes words of names', () => {
    expect(readable('clientId')).toBe('Client id');
    expect(readable('temporalAQ')).toBe('Temporal AQ');
  });
});
