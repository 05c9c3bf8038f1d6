// Splitting a Case: chosen Interactions move to a Case of their own.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Check } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useRows, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { spoken } from '@agent/parts/address';
import { Ago, ChannelMark } from '@agent/parts/Marks';

export function SplitDialog({ found, onClose }: { found: Case; onClose: () => void }) {
  const { t } = useTranslation();
  const { client, store, undos } = useWorkspace();
  const { busy, run } = useAct();
  const interactions = useRows('interaction', found.id);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const split = async (): Promise<void> => {
    let made: Case | undefined;
    const good = await run(async () => {
      const answer = await client.post<{ case: Case }>(`/v1/cases/${found.id}/split`, {
        body: { interaction_ids: chosen },
      });
      made = answer.case;
      store.put('case', answer.case);
    });
    if (good && made) {
      const { id } = made;
      undos.offer(t('split.done'), async () => {
        await client.post(`/v1/cases/${id}/merge`, { body: { into: found.id } });
        go(href('case', found.id));
      });
      onClose();
      go(href('case', id));
    }
  };
  const whole = chosen.length === 0 || chosen.length === interactions.length;
  return (
    <Dialog
      title={t('split.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="split"
          busy={busy}
          disabled={whole}
          onClick={() => void split()}
        >
          {t('split.confirm')}
        </Confirm>
      }
    >
      <p className="soft">{t(interactions.length < 2 ? 'split.single' : 'split.hint')}</p>
      {interactions.map((row) => (
        <div key={row.id} className="row">
          <Check
            label={row.subject || spoken(row.identity.address, t)}
            checked={chosen.includes(row.id)}
            disabled={interactions.length < 2}
            onChange={(on) =>
              setChosen(on ? [...chosen, row.id] : chosen.filter((id) => id !== row.id))
            }
          />
          <span className="grow" />
          <ChannelMark kind={row.channel_kind} />
          <span className="tiny soft">
            <Ago at={row.opened_at} />
          </span>
        </div>
      ))}
    </Dialog>
  );
}
