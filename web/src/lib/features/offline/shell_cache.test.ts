import { describe, expect, it } from 'vitest';
import { isServerAway, planFor } from './shell_cache';

const ORIGIN = 'https://photos.example.com';
const plan = (path: string, mode = 'no-cors', method = 'GET') => planFor({ method, mode, url: path.startsWith('/') ? ORIGIN + path : path }, ORIGIN);

describe('planFor', () => {
  it('never touches the API, not even when a person opens one of its addresses', () => {
    expect(plan('/api/users/me', 'cors')).toBe('network');
    expect(plan('/api/assets/1/thumbnail?size=preview')).toBe('network');
    expect(plan('/api/assets/1/original', 'navigate')).toBe('network');
    expect(plan('/api')).toBe('network');
  });

  it('keeps the page for every address of the app', () => {
    expect(plan('/photos', 'navigate')).toBe('page');
    expect(plan('/albums/1/2?x=y', 'navigate')).toBe('page');
    expect(plan('/apiary', 'navigate')).toBe('page');
  });

  it('keeps the files of a build, and what tells builds apart never', () => {
    expect(plan('/_app/immutable/chunks/a.js', 'cors')).toBe('file');
    expect(plan('/favicon.svg')).toBe('file');
    expect(plan('/_app/version.json', 'cors')).toBe('network');
    expect(plan('/custom.css')).toBe('network');
    expect(plan('/service-worker.js')).toBe('network');
  });

  it('leaves other hosts and other methods alone', () => {
    expect(plan('https://tiles.example.org/1.png')).toBe('network');
    expect(plan('/photos', 'navigate', 'POST')).toBe('network');
  });
});

it('knows a proxy without its server', () => {
  expect([500, 502, 503, 504, 404].map(isServerAway)).toEqual([false, true, true, true, false]);
});
