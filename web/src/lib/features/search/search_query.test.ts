import { describe, expect, it } from 'vitest';
import { clean, parseQuery } from './search_query';

describe('the query of an address', () => {
  it('survives nonsense', () => {
    expect(parseQuery(null)).toEqual({});
    expect(parseQuery('{oh')).toEqual({});
    expect(parseQuery('[1]')).toEqual({});
  });

  it('keeps what is set and nothing else', () => {
    expect(clean({ city: '', make: 'Canon', isFavorite: false, personIds: [], rating: null })).toEqual({ make: 'Canon', rating: null });
  });

  it('is the same text whatever the order', () => {
    expect(JSON.stringify(clean({ city: 'Bern', make: 'Leica' }))).toBe(JSON.stringify(clean({ make: 'Leica', city: 'Bern' })));
  });
});
