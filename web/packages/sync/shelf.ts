// Small local storage by key over IndexedDB; one database per person, cleared when he signs out.

export interface Shelf<T> {
  all(): Promise<T[]>;
  put(key: string, value: T): Promise<void>;
  remove(key: string): Promise<void>;
}

const STORES = ['outbox', 'drafts'] as const;
export type StoreName = (typeof STORES)[number];

const name = (person: string): string => `polyphony-${person}`;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('storage'));
  });
}

function open(person: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name(person), 1);
  request.onupgradeneeded = () => {
    for (const store of STORES) request.result.createObjectStore(store);
  };
  return done(request);
}

/** Keeps values in memory only: private windows and tests have nothing better. */
export function memoryShelf<T>(): Shelf<T> {
  const kept = new Map<string, T>();
  return {
    all: () => Promise.resolve([...kept.values()]),
    put: (key, value) => {
      kept.set(key, value);
      return Promise.resolve();
    },
    remove: (key) => {
      kept.delete(key);
      return Promise.resolve();
    },
  };
}

export async function openShelves(person: string): Promise<<T>(store: StoreName) => Shelf<T>> {
  let database: IDBDatabase;
  try {
    database = await open(person);
  } catch {
    return () => memoryShelf();
  }
  return <T>(store: StoreName): Shelf<T> => {
    const rows = (mode: IDBTransactionMode): IDBObjectStore =>
      database.transaction(store, mode).objectStore(store);
    return {
      all: () => done(rows('readonly').getAll() as IDBRequest<T[]>),
      put: async (key, value) => {
        await done(rows('readwrite').put(value, key));
      },
      remove: async (key) => {
        await done(rows('readwrite').delete(key));
      },
    };
  };
}

export function forgetShelves(person: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name(person));
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
    request.onblocked = () => resolve();
  });
}
