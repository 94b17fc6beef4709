/** What the server must know about files of `../shared/media`, derived by hand from the tags ExifTool shows. */
export interface ExpectedPhoto {
  /** Wall clock of the exposure, to the precision the file gives. */
  local?: string;
  /** The instant, where a zone is known or none is (then it equals the wall clock). */
  instant?: string;
  timeZone?: string | null;
  make?: string | null;
  model?: string | null;
  lensModel?: RegExp;
  iso?: number;
  fNumber?: number;
  focalLength?: number;
  exposureTime?: string;
  /** Without orientation applied. */
  stored: [number, number];
  /** As shown. */
  shown: [number, number];
  description?: string;
  rating?: number | null;
  coordinates?: [number, number];
  place?: { city: string; state: string; country: string };
  mime: string;
}

const jpeg = 'image/jpeg';
const plain = (width: number, height: number, mime = jpeg): ExpectedPhoto => ({
  stored: [width, height],
  shown: [width, height],
  mime,
});

export const expectedPhotos: Record<string, ExpectedPhoto> = {
  'metadata/thompson-springs.jpg': {
    ...plain(150, 103),
    local: '2022-01-10T15:15:44',
    coordinates: [39.115, -108.400_968_333_33],
    place: { city: 'Palisade', state: 'Colorado', country: 'United States of America' },
  },
  'metadata/mongolels.jpg': {
    ...plain(950, 634),
    local: '2009-08-29T13:18:08.170Z',
    instant: '2009-08-29T13:18:08.170Z',
    timeZone: null,
    make: 'Canon',
    model: 'Canon EOS 500D',
    iso: 200,
    fNumber: 11,
    focalLength: 40,
    exposureTime: '1/250',
    description: 'Mongol Els',
    rating: 3,
  },
  'formats/IMG_2682.heic': {
    ...plain(4032, 3024, 'image/heic'),
    local: '2019-03-21T11:04:22.348Z',
    instant: '2019-03-21T16:04:22.348Z',
    timeZone: 'America/Chicago',
    make: 'Apple',
    model: 'iPhone 7',
    lensModel: /^iPhone 7 back camera 3\.99mm f\/1\.8$/,
    iso: 20,
    fNumber: 1.8,
    focalLength: 3.99,
    exposureTime: '1/887',
    coordinates: [41.2203, -96.071_625],
    place: { city: 'Ralston', state: 'Nebraska', country: 'United States of America' },
  },
  'formats/10bit-HDR-P3-nclx.avif': plain(3681, 5594, 'image/avif'),
  'formats/8bit-sRGB.avif': plain(1617, 1080, 'image/avif'),
  'formats/8bit-sRGB.jxl': plain(1440, 1080, 'image/jxl'),
  'formats/density_plot.png': plain(800, 800, 'image/png'),
  'formats/denali.webp': {
    ...plain(600, 315, 'image/webp'),
    local: '2010-08-13T21:00:01.850Z',
    make: 'Canon',
    model: 'Canon EOS 7D',
    lensModel: /28-80/,
    iso: 200,
    fNumber: 11,
    focalLength: 60,
    exposureTime: '1/400',
  },
  'albums/nature/el_torcal_rocks.jpg': {
    ...plain(512, 341),
    local: '2012-08-05T11:39:59.000Z',
    instant: '2012-08-05T11:39:59.000Z',
    make: 'SONY',
    model: 'DSLR-A550',
    iso: 200,
    fNumber: 11,
    focalLength: 75,
    exposureTime: '1/160',
    description: 'SONY DSC',
  },
  'albums/nature/prairie_falcon.jpg': {
    ...plain(800, 533),
    local: '2022-03-31T11:31:56.180Z',
    make: 'Canon',
    model: 'Canon EOS R5',
    iso: 1000,
    fNumber: 7.1,
    focalLength: 500,
    exposureTime: '1/4000',
    rating: null,
  },
  'albums/nature/tanners_ridge.jpg': {
    ...plain(800, 534),
    local: '2023-09-25T08:33:30.880Z',
    make: 'NIKON CORPORATION',
    model: 'NIKON D750',
    lensModel: /17.*35/,
    iso: 1000,
    fNumber: 22,
    focalLength: 35,
    exposureTime: '1/15',
    description: 'Fall 2023 Week 3',
  },
  'albums/nature/notocactus_minimus.jpg': {
    ...plain(512, 345),
    local: '2008-05-23T15:54:59.000Z',
    make: 'PENTAX Corporation',
    model: 'PENTAX K10D',
    iso: 200,
    focalLength: 90,
  },
  'albums/nature/cyclamen_persicum.jpg': {
    ...plain(512, 848),
    local: '2007-12-06T14:33:18.000Z',
    make: 'FUJIFILM',
    model: 'FinePix S3Pro',
    iso: 100,
    fNumber: 6.7,
  },
  'albums/nature/polemonium_reptans.jpg': plain(512, 384),
  'albums/nature/wood_anemones.jpg': plain(512, 307),
  'albums/nature/orychophragmus_violaceus.jpg': plain(512, 574),
  'albums/nature/silver_fir.jpg': plain(511, 323),
  'albums/text/handwritten-notes.jpg': plain(5117, 3411),
  'albums/text/japanese-shop.jpg': plain(4217, 2817),
  'albums/text/book-beside-flowers.jpg': plain(3024, 4032),
  'albums/text/craft-beer.jpg': plain(6000, 4000),
  'faces/portrait.jpg': plain(840, 700),
  'faces/portrait-orientation-6.jpg': { ...plain(700, 840), shown: [840, 700] },
};

/** Size of a picture after "shorter edge becomes `edge`, never enlarged". */
export function scaled([width, height]: [number, number], edge: number): [number, number] {
  const factor = Math.min(1, edge / Math.min(width, height));
  return [Math.round(width * factor), Math.round(height * factor)];
}
