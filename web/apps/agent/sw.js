// The service worker: keeps the shell for a start without a line, shows pushes while nobody looks.
// BUILD and FILES are written in by the build (shell.plugin.ts).

const BUILD = '__BUILD__';
const FILES = ['__FILES__'];
const NAME = `shell-${BUILD}`;
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(['/', ...FILES])));
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    for (const name of await caches.keys())
      if (name.startsWith('shell-') && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

/** A new worker waits until the person reloads: nobody loses a page in the middle of a word. */
self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting();
});

async function page(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match('/');
  const fetched = fetch(request);
  if (!kept) return fetched;
  const late = new Promise((done) => setTimeout(() => done(kept.clone()), PATIENCE_MS));
  return Promise.race([fetched, late]).catch(() => kept.clone());
}

async function piece(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** What another application shares waits here until the page has asked into which Case it goes. */
async function shared(request) {
  const given = await request.formData();
  await caches.delete('shared');
  const kept = await caches.open('shared');
  const files = given.getAll('files').filter((one) => one instanceof File && one.size > 0);
  const words = ['title', 'text', 'url'].map((name) => String(given.get(name) ?? '').trim());
  const text = [...new Set(words.filter(Boolean))].join('\n');
  const told = { text, files: files.map(({ name, type }) => ({ name, type })) };
  await kept.put('/shared/told', new Response(JSON.stringify(told)));
  await Promise.all(files.map((file, at) => kept.put(`/shared/${at}`, new Response(file))));
  return Response.redirect('/#/share', 303);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.origin === self.location.origin && url.pathname === '/share')
    event.respondWith(shared(request));
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && url.pathname === '/') event.respondWith(page(request));
  else if (/^\/(assets|icons)\/|^\/manifest/.test(url.pathname)) event.respondWith(piece(request));
});

async function show(told) {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // Who looks at the page sees the card there.
  if (open.some((one) => one.visibilityState === 'visible')) return;
  await self.registration.showNotification(told.title, {
    body: told.body ?? '',
    tag: told.id,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
    requireInteraction: told.kind === 'offer',
    data: { hash: told.case ? `#/case/${encodeURIComponent(told.case)}` : '#/inbox/mine' },
  });
}

self.addEventListener('push', (event) => {
  if (event.data) event.waitUntil(show(event.data.json()));
});

async function lead(hash) {
  const [open] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!open) return self.clients.openWindow(`/${hash}`);
  open.postMessage({ go: hash });
  return open.focus();
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data?.hash ?? '#/inbox/mine'));
});
