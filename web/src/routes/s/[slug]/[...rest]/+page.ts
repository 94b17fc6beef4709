import { visitLink } from '$lib/features/visitor/visitor_link';

/** Depends on the link's name alone, so that stepping from photo to photo asks nothing again. */
export async function load({ params }: { params: { slug: string } }) {
  const name = { slug: params.slug };
  return { name, visit: await visitLink(name) };
}
