import { deflateSync } from 'node:zlib';
import { crc32 } from 'node:zlib';

/** One PNG chunk with its checksum. */
function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

const pngHeader = (width: number, height: number, depth: number, colourType: number): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), pngChunk('IHDR', header)]);
};

/** A valid one-bit greyscale PNG: 30,000 × 30,000 pixels are some 100 kB here and 900 MB decoded to bytes. */
export function pngBomb(width: number, height: number): Buffer {
  const row = Buffer.alloc(1 + Math.ceil(width / 8));
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)), { level: 1 });
  return Buffer.concat([pngHeader(width, height, 1, 0), pngChunk('IDAT', pixels), pngChunk('IEND', Buffer.alloc(0))]);
}

/** A PNG that claims a size and holds next to nothing. */
export function pngClaim(width: number, height: number): Buffer {
  return Buffer.concat([
    pngHeader(width, height, 8, 6),
    pngChunk('IDAT', deflateSync(Buffer.alloc(100))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF with a giant screen and many tiny frames. */
export function gifBomb(frames: number): Buffer {
  const header = Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0x80, 0, 0]),
    Buffer.from([0, 0, 0, 255, 255, 255]),
  ]);
  const frame = Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  return Buffer.concat([header, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])]);
}

/** A JPEG whose frame header says 65,500 × 65,500. */
export function jpegClaim(): Buffer {
  return Buffer.from([
    0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xdc, 0xff, 0xdc, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xda, 0, 12,
    3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0, 0x12, 0x34, 0xff, 0xd9,
  ]);
}

/** SVG documents that want files, servers, or more memory than there is. */
export function hostileSvgs(port: number): Record<string, string> {
  const svg = (body: string, doctype = ''): string =>
    `<?xml version="1.0"?>${doctype}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">${body}</svg>`;
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  return {
    'external entity': svg(
      '<text y="20">&secret;</text>',
      '<!DOCTYPE svg [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
    ),
    'remote entity': svg(
      '<text y="20">&remote;</text>',
      `<!DOCTYPE svg [<!ENTITY remote SYSTEM "http://127.0.0.1:${port}/entity">]>`,
    ),
    'remote image': svg(`<image xlink:href="http://127.0.0.1:${port}/image.png" width="100" height="100"/>`),
    'remote style': svg(
      `<style>@import url("http://127.0.0.1:${port}/style.css");</style><rect width="9" height="9"/>`,
    ),
    'local file': svg('<image xlink:href="file:///etc/passwd" width="100" height="100"/>'),
    'a billion laughs': svg('<text>&l9;</text>', `<!DOCTYPE svg [<!ENTITY l0 "lol">${laughs}]>`),
    'giant size':
      '<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="1000000"><rect width="100%" height="100%"/></svg>',
    'endless use': svg('<g id="a"><use xlink:href="#a"/></g>'),
    'deep nesting': svg('<g>'.repeat(20_000) + '</g>'.repeat(20_000)),
    script: svg('<script>while(true){}</script><rect width="50" height="50" fill="red"/>'),
  };
}

/** XMP sidecars that should not hurt. */
export function hostileSidecars(): Record<string, Buffer> {
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  const xmp = (body: string, doctype = ''): string =>
    `${doctype}<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'>${body}</rdf:Description></rdf:RDF></x:xmpmeta>`;
  return {
    rubbish: Buffer.from('<<<<'),
    empty: Buffer.alloc(0),
    zeros: Buffer.alloc(4096),
    'a billion laughs': Buffer.from(xmp('<dc:title>&l9;</dc:title>', `<!DOCTYPE x [<!ENTITY l0 "lol">${laughs}]>`)),
    'external entity': Buffer.from(
      xmp('<dc:description>&s;</dc:description>', '<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]>'),
    ),
    'UTF-16': Buffer.from(`\ufeff${xmp('<xmp:Rating>4</xmp:Rating>')}`, 'utf16le'),
    'deep nesting': Buffer.from(xmp('<a>'.repeat(50_000) + '</a>'.repeat(50_000))),
    'five megabytes': Buffer.from(xmp(`<dc:source>${'x'.repeat(5 << 20)}</dc:source>`)),
    'impossible values': Buffer.from(
      xmp('<xmp:Rating>99999999999</xmp:Rating><xmp:CreateDate>0000-99-99T99:99:99Z</xmp:CreateDate>'),
    ),
    'NUL characters': Buffer.from(xmp('<dc:source>a&#0;b\0c</dc:source>')),
  };
}

/** `count` bytes of a file changed at places that depend on `seed`; the first 16 stay, so that the type is recognised. */
export function damaged(bytes: Buffer, seed: number, count = 40): Buffer {
  const copy = Buffer.from(bytes);
  let state = seed * 2_654_435_761 + 1;
  for (let i = 0; i < count && copy.length > 32; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    copy[16 + (state % (copy.length - 16))] = (state >>> 24) & 255;
  }
  return copy;
}
