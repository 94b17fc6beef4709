import { getAllPeople, mergePeople, searchPerson, type PersonResponseDto } from '$lib/api';
import { emit } from '$lib/events';
import { confirm } from '$lib/ui/confirm.svelte';
import { toast } from '$lib/ui/toast.svelte';
import { t } from './people_text';

/** Everybody, page by page; the server gives at most 1,000 at once. */
export async function allPeople(withHidden: boolean, signal?: AbortSignal): Promise<PersonResponseDto[]> {
  const people: PersonResponseDto[] = [];
  for (let page = 1, hasMore = true; hasMore; page++) {
    const found = await getAllPeople({ page, size: 500, withHidden }, { signal });
    people.push(...found.people);
    hasMore = found.hasNextPage ?? false;
  }
  return people;
}

/** Names without regard to capitals and accents, so that "zoe" finds "Zoë". */
export function matches(person: Pick<PersonResponseDto, 'name'>, words: string): boolean {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain(person.name).includes(plain(words.trim()));
}

/** Gives the photos of others to a person; those people are gone then. Throws when not all could be merged. */
export async function mergeInto(personId: string, others: string[]): Promise<void> {
  const results = await mergePeople({ body: { ids: [personId, ...others] } });
  const count = results.filter((one) => one.success).length;
  emit('peopleChanged');
  if (results.some((one) => !one.success)) throw new Error(t('mergeFailed'));
  toast.success(t('mergeDone', { count }));
}

/** Somebody else with the same name, as is often so when faces of one person were found as two. */
export async function namesake(person: PersonResponseDto): Promise<PersonResponseDto | undefined> {
  if (!person.name) return undefined;
  const found = await searchPerson({ name: person.name, withHidden: true });
  return found.find((one) => one.id !== person.id && one.name.toLowerCase() === person.name.toLowerCase());
}

export function askToMerge(person: PersonResponseDto): Promise<boolean> {
  return confirm({ title: t('sameNameTitle', { name: person.name }), text: t('sameNameText'), action: t('sameNameAction') });
}
