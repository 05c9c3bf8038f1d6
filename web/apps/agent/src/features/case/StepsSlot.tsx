// The place of the steps of a Case: opened by its key, by itself when a step is mine.

import { Suspense, useState } from 'react';
import type { Case, CaseAnswer } from '@api/types';
import { late } from '@i18n/late';
import { useLiveWork, useRows, useWorkspace } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';
import { ask } from './asked';

const Steps = late('dialogs', async () => (await import('./Steps')).Steps);

export function StepsSlot({ found, answer }: { found: Case; answer: CaseAnswer }) {
  const { me } = useWorkspace();
  const rows = useRows('case_step', found.id);
  const work = useLiveWork(found);
  const [chosen, setChosen] = useState<{ id: string; open: boolean }>();
  const mine = work.some((item) => item.step && item.agent_id === me.id);
  const open = chosen?.id === found.id ? chosen.open : mine;
  const toggle = (): void => setChosen({ id: found.id, open: !open });
  useCommand('steps', () => (rows.length > 0 ? toggle() : ask('kind')), {
    when: rows.length > 0 || answer.may.edit !== false,
  });
  if (rows.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <Steps found={found} answer={answer} rows={rows} open={open} toggle={toggle} />
    </Suspense>
  );
}
