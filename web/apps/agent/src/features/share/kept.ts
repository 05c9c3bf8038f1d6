// What another application shared with this one, as the service worker has kept it.

export interface Shared {
  text: string;
  files: File[];
}

const PLACE = 'shared';

/** Undefined when nothing waits, or this browser keeps nothing. */
export async function keptShare(): Promise<Shared | undefined> {
  if (typeof caches === 'undefined') return undefined;
  const told = await caches.match('/shared/told', { cacheName: PLACE });
  if (!told) return undefined;
  const about = (await told.json()) as { text: string; files: { name: string; type: string }[] };
  const files = await Promise.all(
    about.files.map(async ({ name, type }, at) => {
      const body = await caches.match(`/shared/${at}`, { cacheName: PLACE });
      return body ? new File([await body.blob()], name, { type }) : undefined;
    }),
  );
  return { text: about.text, files: files.filter((one) => one !== undefined) };
}

export const forgetShare = (): Promise<boolean> =>
  typeof caches === 'undefined' ? Promise.resolve(false) : caches.delete(PLACE);
