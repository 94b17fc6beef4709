// After `vite build`: takes the inline start script out of index.html (strict CSP), names the files of the first pages so
// that they load in parallel, tells the service worker what to keep, and writes the compressed form beside every text file.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const build = new URL('../build/', import.meta.url).pathname;
const client = new URL('../.svelte-kit/output/client/', import.meta.url).pathname;
const generated = new URL('../.svelte-kit/', import.meta.url).pathname;

/** Files of a chunk of Vite's manifest and of all it imports. */
function filesOf(manifest, name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return [];
  seen.add(name);
  const own = [chunk.file, ...(chunk.css ?? [])].map((file) => `/${file}`);
  return [...own, ...(chunk.imports ?? []).flatMap((other) => filesOf(manifest, other, seen))];
}

/** The manifest's key of the component file of a route, for instance `/auth/login/+page.svelte`. */
function componentKey(manifest, file) {
  const key = Object.keys(manifest).find((one) => {
    if (!/client-optimized\/nodes\/\d+\.js$/.test(one)) return false;
    return readFileSync(join(generated, one.replace(/^.*\.svelte-kit\//, '')), 'utf8').includes(`routes${file}`);
  });
  if (!key) throw new Error(`${file} is not in the manifest`);
  return key;
}

const manifest = JSON.parse(readFileSync(join(client, '.vite/manifest.json'), 'utf8'));
let html = readFileSync(join(build, 'index.html'), 'utf8');
const inline = /<script>([\s\S]*?)<\/script>/.exec(html);
if (!inline) throw new Error('index.html has no inline script; has the start of SvelteKit changed?');

const linked = new Set([...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1]));
const firstPages = {
  photos: ['/(user)/+layout.svelte', '/(user)/photos/[[assetId]]/+page.svelte'],
  login: ['/auth/login/+page.svelte'],
};
const routeFiles = {};
for (const [name, components] of Object.entries(firstPages)) {
  const files = components.flatMap((file) => filesOf(manifest, componentKey(manifest, file)));
  routeFiles[name] = [...new Set(files)].filter((file) => !linked.has(file));
}

const boot = readFileSync(new URL('../src/boot/boot.js', import.meta.url), 'utf8');
const startScript = inline[1].replace('document.currentScript.parentElement', "document.getElementById('app')");
const text = `window.__routeFiles=${JSON.stringify(routeFiles)};\n${boot}\n${startScript}`;
const name = `_app/immutable/entry/boot.${createHash('sha256').update(text).digest('base64url').slice(0, 8)}.js`;
writeFileSync(join(build, name), text);

html = html.replace(inline[0], '');
html = html.replace('</body>', `<script src="/${name}"></script>\n  </body>`);
writeFileSync(join(build, 'index.html'), html.replace(/\n\s*\n/g, '\n'));

// The service worker keeps what the first pages and the error page need, and the small files of the others.
const WANTED_BYTES = 100_000;
const errorFiles = filesOf(manifest, componentKey(manifest, '/+error.svelte'));
const needed = [...new Set([...linked, `/${name}`, ...routeFiles.photos, ...routeFiles.login, ...errorFiles])].filter((file) =>
  file.startsWith('/_app/'),
);
const wanted = readdirSync(join(build, '_app/immutable'), { recursive: true })
  .map((file) => `/_app/immutable/${file}`)
  .filter((file) => /\.(js|css)$/.test(file) && !needed.includes(file) && statSync(join(build, file)).size <= WANTED_BYTES);
const worker = join(build, 'service-worker.js');
const filled = readFileSync(worker, 'utf8')
  .replace('__VERSION__', createHash('sha256').update(html).digest('base64url').slice(0, 8))
  .replace('__NEEDED__', JSON.stringify(needed))
  .replace('__WANTED__', JSON.stringify(wanted));
if (filled.includes('__VERSION__') || filled.includes('__NEEDED__') || filled.includes('__WANTED__')) throw new Error('the service worker has lost its lists');
writeFileSync(worker, filled);

for (const entry of readdirSync(build, { recursive: true })) {
  const path = join(build, entry);
  if (!/\.(m?js|css|html|json|svg|webmanifest|txt)$/.test(path) || !statSync(path).isFile()) continue;
  const content = readFileSync(path);
  if (content.length < 256 || path.endsWith('index.html')) continue;
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
