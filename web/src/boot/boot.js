// First script of the page, run before any module is there: theme and language without a flash, and the requests every
// signed-in start makes, so that they travel while the modules load. scripts/finish_build.mjs puts it together with
// SvelteKit's start script into one hashed file, because the content security policy allows no inline script.
(() => {
  const root = document.documentElement;
  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const theme = stored('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  root.lang = stored('language') ?? (navigator.language.startsWith('de') ? 'de' : 'en');

  // An answer nobody asked for within this time is too old.
  const KEPT_MS = 10_000;
  // Thumbnails that are asked for before the grid knows which of them are in sight.
  const FIRST_THUMBNAILS = 12;
  const early = (window.__early = new Map());
  // `then` looks at the answer before the page does, so that what follows from it is on its way when the page asks for it.
  const start = (url, then) => {
    let request = fetch(url, { credentials: 'same-origin' });
    if (then) {
      request = request.then(async (response) => {
        if (!response.ok) return response;
        const body = await response.json();
        then(body);
        return Object.defineProperty(response, 'json', { value: async () => body });
      });
    }
    request.catch(() => {});
    early.set(url, request);
    setTimeout(() => early.delete(url), KEPT_MS);
  };
  // A page that fails asks whether the server has another build, and loads itself anew if so. When that happens again and
  // again (a proxy that keeps the old page, a folder replaced by halves) the question gets no answer, and the error is shown.
  const now = Date.now();
  try {
    const starts = JSON.parse(sessionStorage.getItem('starts') ?? '[]').filter((time) => now - time < 15_000);
    sessionStorage.setItem('starts', JSON.stringify([...starts, now]));
    if (starts.length >= 4) {
      const ask = window.fetch;
      window.fetch = (input, init) =>
        String(input).endsWith('/version.json') ? Promise.reject(new TypeError('too many reloads')) : ask(input, init);
    }
  } catch {
    // Without a store there is nothing to count with.
  }

  const isSignedIn = document.cookie.includes('immich_is_authenticated=true');
  const isPhotos = location.pathname === '/photos' || location.pathname === '/';
  const preload = (files) => {
    for (const href of files ?? []) {
      const link = document.createElement('link');
      link.rel = href.endsWith('.css') ? 'preload' : 'modulepreload';
      if (href.endsWith('.css')) link.as = 'style';
      link.href = href;
      document.head.append(link);
    }
  };
  const routes = window.__routeFiles ?? {};
  preload(routes[isSignedIn && isPhotos ? 'photos' : location.pathname.startsWith('/auth/login') ? 'login' : '']);
  const startPerson = () => {
    start('/api/users/me');
    start('/api/users/me/preferences');
  };
  const startPhotos = () => {
    const timeline = 'visibility=timeline&withPartners=true&withStacked=true';
    const images = [];
    start(`/api/timeline/buckets?${timeline}`, ([newest]) => {
      if (!newest) return;
      start(`/api/timeline/bucket?timeBucket=${newest.timeBucket}&${timeline}`, ({ id, thumbhash }) => {
        for (let i = 0; i < Math.min(id.length, FIRST_THUMBNAILS); i++) {
          const query = new URLSearchParams({ size: 'thumbnail' });
          if (thumbhash[i]) query.set('c', thumbhash[i]);
          query.set('edited', 'true');
          const image = new Image();
          image.src = `/api/assets/${id[i]}/thumbnail?${query}`;
          images.push(image);
        }
        setTimeout(() => (images.length = 0), KEPT_MS);
      });
    });
  };
  /** Called when somebody has signed in. */
  window.__startNext = () => {
    startPerson();
    if (location.pathname === '/auth/login' && !location.search.includes('continue=')) startPhotos();
  };

  start('/api/server/config');
  start('/api/server/features');
  if (!isSignedIn) return;
  startPerson();
  if (isPhotos && !location.search) startPhotos();
})();
