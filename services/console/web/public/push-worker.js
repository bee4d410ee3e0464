// The officer's page in the background: shows what the system pushes, and leads to the ticket. Plain JavaScript, because
// the browser loads it as it is, under a name that never changes. Messages: contracts' PushPayload.

self.addEventListener("install", () => {
  self.skipWaiting();
});
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("push", (event) => {
  event.waitUntil(show(event.data));
});

/** Browsers take the permission away from who shows nothing: what can't be read is shown as that. */
function show(data) {
  let message = { id: "unreadable", title: "热点网格 Hotgrid", body: "有新消息 There is news", path: "/officer" };
  try {
    message = data.json();
  } catch {
    // Said above.
  }
  return self.registration.showNotification(message.title, {
    body: message.body,
    tag: message.id,
    icon: "/icon.svg",
    data: { path: message.path },
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.path));
});

/** Our own pages only, in the window that is open already where there is one. */
async function open(path) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window" });
  const officer = windows.find((client) => new URL(client.url).pathname.startsWith("/officer"));
  if (officer === undefined) {
    await self.clients.openWindow(url.href);
    return;
  }
  await officer.focus();
  await officer.navigate(url.href);
}
