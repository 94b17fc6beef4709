import { visitLink } from '$lib/features/visitor/visitor_link';

/** Depends on the key alone, so that stepping from photo to photo asks nothing again. */
export async function load({ params }: { params: { key: string } }) {
  const name = { key: params.key };
  return { name, visit: await visitLink(name) };
}
