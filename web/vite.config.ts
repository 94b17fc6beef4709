import * as icons from '@mdi/js';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a server. */
const server = process.env.IMMICH_SERVER_URL ?? 'http://127.0.0.1:2283';

const base = /node_modules\/(svelte|esm-env|clsx)\/|\/src\/lib\/(api|i18n|ui|features\/(session|theme|offline)|[^/]+$)/;
const photos = /\/src\/lib\/features\/(shell|timeline|selection|upload|memories\/memory_text)/;

/** SvelteKit's announcer of page titles has a style attribute, which our policy refuses; app.css hides it instead. */
const announcerWithoutStyle = {
  name: 'announcer-without-style',
  markup: ({ content }: { content: string }) => ({ code: content.replace(/(id="svelte-announcer"[^>]*?)\s+style="[^"]*"/, '$1') }),
};

/** Icons are strings out of one big module; each goes to where it is used, or all would be part of every page. */
const iconsInPlace = {
  name: 'icons-in-place',
  enforce: 'post' as const,
  transform(code: string, id: string) {
    if (id.includes('node_modules') || !code.includes('@mdi/js')) return;
    return code.replace(/import\s*\{([^}]*)\}\s*from\s*['"]@mdi\/js['"];?/g, (_, names: string) =>
      names
        .split(',')
        .map((one) => one.trim().split(/\s+as\s+/))
        .filter(([name]) => name)
        .map(([name, local = name]) => `const ${local} = ${JSON.stringify(icons[name as keyof typeof icons])};`)
        .join(' '),
    );
  },
};

export default defineConfig({
  plugins: [
    tailwindcss(),
    iconsInPlace,
    await sveltekit({
      // One page for every address; scripts/finish_build.mjs takes the inline script out of it.
      adapter: adapter({ pages: 'build', fallback: 'index.html' }),
      serviceWorker: { register: false },
      preprocess: [announcerWithoutStyle],
    }),
  ],
  resolve: {
    alias: { $lib: fileURLToPath(new URL('src/lib', import.meta.url)) },
    conditions: process.env.VITEST ? ['browser'] : undefined,
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Few files: what every page needs is one, the photos with viewer and upload are another.
        codeSplitting: {
          groups: [
            // The runtime is not the photos': they would come along with the page for logging in.
            { name: 'kit', test: /kit\/src\/(exports|utils|runtime\/(app|client|shared|utils|env)\b(?!\/(entry|client-entry|payload)))/, priority: 1.5 },
            // What SvelteKit's start script needs must not bring the rest along: modules of the app may only run after it.
            { name: 'start', test: /preload-helper|kit\/src\/runtime\/client\/payload/, priority: 2 },
            { name: 'base', test: base, priority: 1 },
            { name: 'photos', test: photos },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, ws: true }, '/custom.css': server } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
