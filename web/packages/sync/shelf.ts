// Small local storage by key over IndexedDB; one database per person, cleared when he signs out.

export interface Shelf<T> {
  all(): Promise<T[]>;
  get(key: string): Promise<T | undefined>;
  put(key: string, value: T): Promise<void>;
  remove(key: string): Promise<void>;
}

const STORES = ['outbox', 'drafts', 'answers', 'rows', 'meta'] as const;
export type StoreName = (typeof STORES)[number];
export type Shelves = <T>(store: StoreName) => Shelf<T>;

const VERSION = 2;
const name = (person: string): string => `polyphony-${person}`;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('storage'));
  });
}

async function open(person: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name(person), VERSION);
  request.onupgradeneeded = () => {
    const known = request.result.objectStoreNames;
    for (const store of STORES) if (!known.contains(store)) request.result.createObjectStore(store);
  };
  const database = await done(request);
  database.onversionchange = () => database.close(); // a newer page, or somebody signs out
  return database;
}

/** Keeps values in memory only: private windows and tests have nothing better. */
export function memoryShelf<T>(): Shelf<T> {
  const kept = new Map<string, T>();
  return {
    all: () => Promise.resolve([...kept.values()]),
    get: (key) => Promise.resolve(kept.get(key)),
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

function memoryShelves(): Shelves {
  const kept = new Map<StoreName, Shelf<never>>();
  return <T>(store: StoreName): Shelf<T> => {
    const known = kept.get(store) ?? memoryShelf<never>();
    kept.set(store, known);
    return known as unknown as Shelf<T>;
  };
}

/** What must be safe before we go on is flushed to the disk; the rest is committed at once. */
const durability = (store: StoreName): IDBTransactionDurability =>
  store === 'outbox' ? 'strict' : 'relaxed';

export async function openShelves(person: string, durable = true): Promise<Shelves> {
  if (!durable) return memoryShelves();
  let database: IDBDatabase;
  try {
    database = await open(person);
  } catch {
    return memoryShelves();
  }
  return <T>(store: StoreName): Shelf<T> => {
    const rows = (): IDBObjectStore => database.transaction(store, 'readonly').objectStore(store);
    const write = (work: (rows: IDBObjectStore) => void): Promise<void> =>
      new Promise((resolve, reject) => {
        const options = { durability: durability(store) };
        const transaction = database.transaction(store, 'readwrite', options);
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('storage'));
        work(transaction.objectStore(store));
        transaction.commit(); // not when the answer has come back: a killed tab hears no answer
      });
    return {
      all: () => done(rows().getAll() as IDBRequest<T[]>),
      get: (key) => done(rows().get(key) as IDBRequest<T | undefined>),
      put: (key, value) => write((all) => all.put(value, key)),
      remove: (key) => write((all) => all.delete(key)),
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
