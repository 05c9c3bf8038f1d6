// Decisions about two customers, and taking them back; every screen hears of it by the stream as well.

import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { MatchMade, OriginLink, Verdict } from '@api/types';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface Pair {
  a: string;
  b: string;
  verdict: Verdict;
  reason: string;
}

interface Parted {
  link_id: string;
  customers: string[];
}

const SAID: Record<Verdict, string> = {
  same: 'match.joined',
  different: 'match.kept_apart',
  relative: 'match.related',
};

export function useMatch(): {
  busy: boolean;
  decide: (pair: Pair) => Promise<boolean>;
  revoke: (link: OriginLink, reason: string) => Promise<boolean>;
} {
  const { t } = useTranslation();
  const { client, undos } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['customer'] });
  const tell = async (pair: Pair): Promise<MatchMade> => {
    const made = await client.post<MatchMade>('/v1/matches', { body: pair });
    await again();
    return made;
  };
  const part = async (id: string, reason: string): Promise<Parted> => {
    const path = `/v1/matches/${id}/revoke`;
    const parted = await client.post<Parted>(path, { body: { reason } });
    await again();
    return parted;
  };
  const decide = async (pair: Pair): Promise<boolean> => {
    let made: MatchMade | undefined;
    const good = await run(async () => (made = await tell(pair)));
    if (good && made) {
      const { link_id } = made;
      undos.offer(t(SAID[pair.verdict]), async () => void (await part(link_id, '')));
    }
    return good;
  };
  const revoke = async (link: OriginLink, reason: string): Promise<boolean> => {
    let parted: Parted | undefined;
    const good = await run(async () => (parted = await part(link.id, reason)));
    const [a, b] = parted?.customers ?? [];
    if (good && a && b)
      undos.offer(
        t('match.taken_back'),
        async () => void (await tell({ a, b, verdict: link.verdict, reason: link.reason })),
      );
    return good;
  };
  return { busy, decide, revoke };
}
