// Who serves a queue, and in which rank: rank 1 is asked first.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Select } from '@ui/Field';
import { asError } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';

interface Member {
  agent_id: string;
  rank: number;
}

const RANKS = [0, 1, 2, 3];

export function MembersDialog({
  queue,
  onClose,
}: {
  queue: { id: string; name: string };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { colleagues, me } = useSetup();
  const { client } = useWorkspace();
  const [members, setMembers] = useState<Member[]>();
  const query = useQuery({
    queryKey: ['admin', 'members', queue.id],
    queryFn: async () => {
      const answer = await client.get<Member[] | { items: Member[] }>(
        `/v1/queues/${queue.id}/members`,
      );
      return Array.isArray(answer) ? answer : answer.items;
    },
  });
  useEffect(() => {
    if (query.data) setMembers(query.data);
  }, [query.data]);
  const rank = (id: string): number => members?.find((one) => one.agent_id === id)?.rank ?? 0;
  const people = [...new Map([me, ...colleagues].map((one) => [one.id, one])).values()];
  const set = (id: string, value: number): void => {
    const rest = (members ?? []).filter((one) => one.agent_id !== id);
    setMembers(value > 0 ? [...rest, { agent_id: id, rank: value }] : rest);
  };
  const save = (): Promise<unknown> => {
    const body = (members ?? []).map((one) => ({ agent_id: one.agent_id, rank: one.rank }));
    return client.put(`/v1/queues/${queue.id}/members`, { body });
  };
  return (
    <EditDialog
      title={t('queue.members_of', { name: queue.name })}
      ready={members !== undefined}
      save={save}
      onClose={onClose}
    >
      <p className="soft small">{t('queue.rank_hint')}</p>
      <Async
        loading={query.isLoading || !members}
        error={asError(query.error)}
        retry={() => void query.refetch()}
      >
        <div className="skill-grid">
          {people.map((person) => (
            <Select
              key={person.id}
              label={person.name}
              value={String(rank(person.id))}
              onChange={(value) => set(person.id, Number(value))}
              options={RANKS.map((value) => ({
                value: String(value),
                label: value === 0 ? t('queue.not_member') : t('queue.rank', { rank: value }),
              }))}
            />
          ))}
        </div>
      </Async>
    </EditDialog>
  );
}
