import { describe, expect, it } from 'vitest';
import { templateExample } from './storage_example';

describe('example of a storage template', () => {
  it('fills dates and names in', () => {
    expect(templateExample('{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}', true)).toEqual({ path: '2024/2024-05-09/IMG_0042.jpg', unknown: undefined });
    expect(templateExample('{{MMM}}-{{WW}}/{{hh}}{{HH}}{{mm}}{{ss}}{{SSS}}', true).path).toBe('May-19/0214050 7042.jpg'.replace(' ', ''));
  });

  it('asks whether there is an album', () => {
    const template = '{{y}}/{{#if album}}{{album}}{{else}}Other/{{MM}}{{/if}}/{{filename}}';
    expect(templateExample(template, true).path).toBe('2024/Holidays/IMG_0042.jpg');
    expect(templateExample(template, false).path).toBe('2024/Other/05/IMG_0042.jpg');
  });

  it('names the variable that does not exist', () => {
    expect(templateExample('{{y}}/{{month}}/{{filename}}', true).unknown).toBe('month');
    expect(templateExample('{{album-startDate-y}}/{{filename}}', true).unknown).toBeUndefined();
  });
});
