import { describe, expect, it } from 'vitest';
import { pickFiles } from './upload_files';

const kinds = { image: ['.jpg', '.heic'], video: ['.mp4'], sidecar: ['.xmp'] };
const file = (name: string) => new File(['x'], name);

describe('pickFiles', () => {
  it('takes what the server supports, whatever the case of the name', () => {
    const { picked, refused } = pickFiles([file('A.JPG'), file('b.mp4'), file('notes.txt'), file('.DS_Store'), file('none')], kinds);
    expect(picked.map((one) => one.file.name)).toEqual(['A.JPG', 'b.mp4']);
    expect(refused.map((one) => one.name)).toEqual(['notes.txt', 'none']);
  });

  it('gives both kinds of sidecar to their photo', () => {
    const { picked, refused } = pickFiles([file('a.jpg'), file('A.jpg.xmp'), file('b.heic'), file('b.xmp'), file('alone.xmp')], kinds);
    expect(picked.map((one) => [one.file.name, one.sidecar?.name])).toEqual([['a.jpg', 'A.jpg.xmp'], ['b.heic', 'b.xmp']]);
    expect(refused).toEqual([]);
  });
});
