import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { codePath } from './link_code';

it('draws runs of dark squares as one rectangle each', () => {
  const [o, x] = [false, true];
  expect(codePath([[x, x, o, x], [o, o, o, o], [o, x, x, x]])).toBe('M0 0h2v1H0zM3 0h1v1H3zM1 2h3v1H1z');
});

it('covers exactly the dark squares of a real code', () => {
  const { data } = encode('https://photos.example.com/s/summer');
  const area = [...codePath(data).matchAll(/h(\d+)/g)].reduce((sum, run) => sum + Number(run[1]), 0);
  expect(area).toBe(data.flat().filter(Boolean).length);
});
