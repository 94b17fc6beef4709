import { describe, expect, it } from 'vitest';
import { defineTexts, language, setLanguage, textsReady } from '$lib/i18n/language.svelte';

describe('texts', () => {
  const t = defineTexts(
    { hello: 'Hello {name}', photos: { one: '{count} photo', other: '{count} photos' } },
    { de: async () => ({ default: { hello: 'Hallo {name}', photos: { one: '{count} Foto', other: '{count} Fotos' } } }) },
  );

  it('fills parameters and chooses the plural', () => {
    expect(t('hello', { name: 'Ada' })).toBe('Hello Ada');
    expect(t('photos', { count: 1 })).toBe('1 photo');
    expect(t('photos', { count: 1234 })).toBe('1,234 photos');
    expect(t('hello')).toBe('Hello {name}');
  });

  it('switches when the other language is loaded', async () => {
    await setLanguage('de');
    await textsReady();
    expect(language()).toBe('de');
    expect(t('photos', { count: 1234 })).toBe('1.234 Fotos');
    await setLanguage('en');
    expect(t('hello', { name: 'Ada' })).toBe('Hello Ada');
  });
});
