/** Previews of the photos around the one in view, loaded and decoded before they are asked for. */
const KEPT = 7;
const images = new Map<string, HTMLImageElement>();

/** In the order in which they will be wanted. */
export function preloadPreviews(urls: string[]): void {
  for (const url of urls) {
    if (images.has(url)) continue;
    const image = new Image();
    image.src = url;
    image.decode().catch(() => images.delete(url));
    images.set(url, image);
  }
  const wanted = new Set(urls);
  for (const [url, image] of images) {
    if (images.size <= KEPT) break;
    if (wanted.has(url)) continue;
    if (!image.complete) image.src = '';
    images.delete(url);
  }
}
