// How screens read the workspace: per entity, per group, per value; each subscribes to just that.

import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useTranslation } from 'react-i18next';
import type {
  Case,
  CaseStep,
  DraftEntity,
  Interaction,
  Message,
  Offer,
  WorkItem,
} from '@api/types';
import type { Cell } from './cell';
import type { Entities, EntityName } from './entities';
import type { Other } from './presences';
import type { Setup } from './setup';
import type { Workspace } from './workspace';

const Context = createContext<Workspace | null>(null);

export const WorkspaceProvider = Context.Provider;

export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (!workspace) throw new Error('no workspace around this screen');
  return workspace;
}

export const useCell = <T>(cell: Cell<T>): T => useSyncExternalStore(cell.subscribe, cell.get);

/** How far the person has read in a Case. */
export function useReadTo(id: string): number | undefined {
  const { reads } = useWorkspace();
  return useSyncExternalStore(reads.subscribe, () => reads.get()[id]);
}

export const useSetup = (): Setup => useCell(useWorkspace().setup);

export function useEntity<T extends EntityName>(
  type: T,
  id: string | undefined,
): Entities[T] | undefined {
  const { store } = useWorkspace();
  const subscribe = useCallback(
    (listener: () => void) => store.watch(type, id ?? '', listener),
    [store, type, id],
  );
  return useSyncExternalStore(subscribe, () => (id ? store.get(type, id) : undefined));
}

interface Grouped {
  message: Message;
  work_item: WorkItem;
  interaction: Interaction;
  draft: DraftEntity;
  case_step: CaseStep;
}

/** Rows of a Case; new array only when a row of this Case has changed. */
export function useRows<G extends keyof Grouped>(group: G, caseId: string): Grouped[G][] {
  const groups = useWorkspace().byCase[group];
  const subscribe = useCallback(
    (listener: () => void) => groups.subscribe(caseId, listener),
    [groups, caseId],
  );
  const turn = useSyncExternalStore(subscribe, () => groups.turnOf(caseId));
  return useMemo(
    () => (turn === 0 ? [] : (groups.rows(caseId) as Grouped[G][])),
    [groups, caseId, turn],
  );
}

export function useMyOffers(): Offer[] {
  const { offers, me } = useWorkspace();
  const key = `${me.id} offered`;
  const subscribe = useCallback(
    (listener: () => void) => offers.subscribe(key, listener),
    [offers, key],
  );
  const ids = useSyncExternalStore(subscribe, () => offers.ids(key));
  return useMemo(() => (ids.length > 0 ? offers.rows(key) : []), [offers, key, ids]);
}

/** The server's time, renewed every so many milliseconds. */
export function useNow(every: number): number {
  const { clock } = useWorkspace();
  const [now, setNow] = useState(() => clock.now());
  const begun = useRef(every);
  useEffect(() => {
    // whoever is drawn for the first time has just read the clock
    if (begun.current !== every) setNow(clock.now());
    begun.current = every;
    const timer = setInterval(() => setNow(clock.now()), every);
    return () => clearInterval(timer);
  }, [clock, every]);
  return now;
}

/** Colleagues and customers at a topic; joined while the screen shows it. */
export function useOthers(topic: string | undefined): readonly Other[] {
  const { others, stream } = useWorkspace();
  useEffect(() => (topic ? stream.join(topic) : undefined), [stream, topic]);
  return useSyncExternalStore(others.subscribe, () => others.get(topic ?? ''));
}

export const useLanguage = (): string => useTranslation().i18n.language;

export interface Names {
  person: (id: string | null | undefined) => string;
  queue: (id: string | null | undefined) => string;
  department: (id: string | null | undefined) => string;
  /** A skill by the key rules use. */
  skill: (key: string) => string;
}

export function useNames(): Names {
  const setup = useSetup();
  const language = useLanguage();
  return useMemo(() => {
    const of = (rows: { id: string; name: string }[]) => {
      const names = new Map(rows.map((row) => [row.id, row.name]));
      return (id: string | null | undefined): string => (id ? (names.get(id) ?? '') : '');
    };
    return {
      person: of([...setup.colleagues, setup.me]),
      queue: of(setup.queues),
      department: of(setup.departments),
      skill: (key) => setup.skills.find((one) => one.key === key)?.name[language] ?? key,
    };
  }, [setup, language]);
}

/** The work of a Case that is not over, mine first. */
export function useLiveWork(found: Case | undefined): WorkItem[] {
  const { me } = useWorkspace();
  const rows = useRows('work_item', found?.id ?? '');
  return useMemo(
    () =>
      rows
        .filter((row) => row.state !== 'done' && row.state !== 'cancelled')
        .sort((a, b) => Number(b.agent_id === me.id) - Number(a.agent_id === me.id)),
    [rows, me.id],
  );
}
