// Switching web push on for this browser: permission, subscription with our key, told to the server.

import type { Client } from '@api/client';

export type Subscribed = 'on' | 'denied';

/** Push needs a safe origin, a service worker and a browser that has it. */
export const canPush = (): boolean =>
  typeof Notification !== 'undefined' && 'serviceWorker' in navigator && 'PushManager' in window;

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** What this browser is called in the list of devices. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = /Edg|Firefox|Chrome|Safari/.exec(agent)?.[0].replace('Edg', 'Edge') ?? '';
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0] ?? '';
  return [browser, system].filter(Boolean).join(', ');
}

export async function subscribe(client: Client): Promise<Subscribed> {
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  const { key } = await client.post<{ key: string }>('/v1/me/push/key');
  const worker = await navigator.serviceWorker.ready;
  const before = await worker.pushManager.getSubscription();
  await before?.unsubscribe();
  const made = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
  const { endpoint, keys } = made.toJSON();
  await client.post('/v1/me/push', { body: { endpoint, keys, device: deviceName() } });
  return 'on';
}
