// What the pretended world says of itself, and the two ways to move it.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

export interface CastMember {
  key: string;
  name: string;
  company: string;
  language: string;
  over: string[];
  /** Channels he will use once they exist. */
  later: string[];
  lives: Record<string, string>;
  vip: boolean;
}

export interface Told {
  key: string;
  title: Record<string, string>;
  members: string[];
  later: string[];
}

export interface DemoState {
  paused: boolean;
  speed: number;
  removing: number;
  cast: CastMember[];
  stories: Told[];
  status: { next_s?: number | null; begun?: number; told?: number };
}

export const NOTHING: DemoState = {
  paused: false,
  speed: 1,
  removing: 0,
  cast: [],
  stories: [],
  status: {},
};

const LOOK_MS = 5_000;

export function useDemo(): {
  state: DemoState;
  busy: boolean;
  pace: (change: { paused?: boolean; speed?: number }) => void;
  act: (act: string, done: string) => Promise<boolean>;
} {
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const query = useQuery({
    queryKey: ['demo'],
    queryFn: () => client.get<DemoState>('/v1/demo'),
    refetchInterval: LOOK_MS,
  });
  return {
    state: query.data ?? NOTHING,
    busy,
    pace: (change) =>
      void run(async () => {
        const told = await client.put<DemoState>('/v1/demo', { body: change });
        queries.setQueryData(['demo'], told);
      }),
    act: (act, done) => run(() => client.post('/v1/demo/acts', { body: { act } }), done),
  };
}
