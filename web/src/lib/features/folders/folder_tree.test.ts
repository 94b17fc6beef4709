import { describe, expect, it } from 'vitest';
import { foldersBelow, parentOf } from './folder_tree';

describe('folders', () => {
  const paths = ['/data/library/a/2024', '/data/library/a/2023/05', '/other'];

  it('starts at the roots', () => expect(foldersBelow(paths, '')).toEqual(['/data', '/other']));
  it('goes down one level', () => expect(foldersBelow(paths, '/data/library/a')).toEqual(['/data/library/a/2023', '/data/library/a/2024']));
  it('has nothing below the last', () => expect(foldersBelow(paths, '/other')).toEqual([]));
  it('takes no other folder that begins alike', () => expect(foldersBelow(['/ab/c'], '/a')).toEqual([]));
  it('goes up', () => expect([parentOf('/data/x'), parentOf('/data')]).toEqual(['/data', '']));
});
