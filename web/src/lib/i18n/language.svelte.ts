/** Languages of the app and the catalogues of words, one per area, of which only the wanted language is loaded. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** A text, or its forms for one and for many by the parameter `count`. `{name}` is replaced by a parameter. */
export type Message = string | { one: string; other: string };
export type Catalogue<K extends string = string> = Record<K, Message>;
type Params = Record<string, string | number>;
type Loader<K extends string> = Partial<Record<Language, () => Promise<{ default: Catalogue<K> }>>>;

interface Registered {
  load(language: Language): Promise<void>;
}

const registered = new Set<Registered>();
const pending = new Set<Promise<void>>();
const state = $state<{ language: Language }>({ language: initialLanguage() });
let loading: Language = state.language;

function initialLanguage(): Language {
  if (typeof document === 'undefined') return 'en';
  return document.documentElement.lang in LANGUAGES ? (document.documentElement.lang as Language) : 'en';
}

export function language(): Language {
  return state.language;
}

/** Loads every catalogue in use, then switches all at once. */
export async function setLanguage(next: Language): Promise<void> {
  loading = next;
  await Promise.all([...registered].map((one) => one.load(next)));
  if (loading !== next) return;
  state.language = next;
  document.documentElement.lang = next;
  localStorage.setItem('language', next);
}

/** Resolves when the catalogues of all modules loaded so far are there in the language in use. */
export async function textsReady(): Promise<void> {
  while (pending.size > 0) await Promise.all(pending);
}

/**
 * Makes the function that gives the texts of one area. English comes with the code; other languages are loaded when
 * they are wanted. Reactive: texts follow the language.
 */
export function defineTexts<K extends string>(english: Catalogue<K>, loaders: Loader<K>): (key: K, params?: Params) => string {
  let texts = $state.raw<Partial<Record<Language, Catalogue<K>>>>({ en: english });
  async function load(wanted: Language): Promise<void> {
    const loader = loaders[wanted];
    if (texts[wanted] || !loader) return;
    const work = loader().then((module) => {
      texts = { ...texts, [wanted]: module.default };
    });
    pending.add(work);
    await work.finally(() => pending.delete(work));
  }
  registered.add({ load });
  if (loading !== 'en') void load(loading).catch(() => {});
  return (key, params) => fill((texts[state.language] ?? english)[key] ?? english[key] ?? key, params);
}

function fill(message: Message, params?: Params): string {
  const text = typeof message === 'string' ? message : message[pluralRules().select(Number(params?.count ?? 0)) === 'one' ? 'one' : 'other'];
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = params[name];
    if (value === undefined) return all;
    return typeof value === 'number' ? value.toLocaleString(state.language) : value;
  });
}

const rules = new Map<Language, Intl.PluralRules>();
function pluralRules(): Intl.PluralRules {
  let found = rules.get(state.language);
  if (!found) rules.set(state.language, (found = new Intl.PluralRules(state.language)));
  return found;
}
