import type { PeopleUpdateItem, PersonResponseDto } from '$lib/api';

/** What has to be sent so that exactly these are hidden. */
export function hiddenChanges(people: readonly PersonResponseDto[], hidden: ReadonlySet<string>): PeopleUpdateItem[] {
  return people.filter((person) => person.isHidden !== hidden.has(person.id)).map(({ id, isHidden }) => ({ id, isHidden: !isHidden }));
}
