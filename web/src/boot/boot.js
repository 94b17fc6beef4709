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
