import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a server. */
const server = process.env.IMMICH_SERVER_URL ?? 'http://127.0.0.1:2283';

const base = /node_modules\/(svelte|esm-env|clsx|@mdi)\/|\/src\/lib\/(api|i18n|ui|features\/(session|theme)|[^/]+$)/;
const photos = /\/src\/lib\/features\/(shell|timeline|selection|upload)\//;

/** SvelteKit's announcer of page titles has a style attribute, which our policy refuses; app.css hides it instead. */
const announcerWithoutStyle = {
  name: 'announcer-without-style',
  markup: ({ content }: { content: string }) => ({ code: content.replace(/(id="svelte-announcer"[^>]*?)\s+style="[^"]*"/, '$1') }),
};

export default defineConfig({
  plugins: [
    tailwindcss(),
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
