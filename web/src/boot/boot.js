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

  const early = (window.__early = new Map());
  const start = (url) => {
    const request = fetch(url, { credentials: 'same-origin' });
    request.catch(() => {});
    early.set(url, request);
    return request;
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
  start('/api/server/config');
  start('/api/server/features');
  if (!isSignedIn) return;
  start('/api/users/me');
  start('/api/users/me/preferences');
  if (!isPhotos) return;
  const timeline = 'visibility=timeline&withPartners=true&withStacked=true';
  start(`/api/timeline/buckets?${timeline}`)
    .then((response) => (response.ok ? response.clone().json() : []))
    .then((buckets) => {
      if (buckets[0] && !location.search && !sessionStorage.getItem('timeline:photos')) {
        start(`/api/timeline/bucket?timeBucket=${buckets[0].timeBucket}&${timeline}`);
      }
    })
    .catch(() => {});
})();
