// Decisions about what is promised of a Case: a policy set by hand, a legal deadline extended.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface Named {
  id: string;
  name: string;
}

interface SetProps {
  found: Case;
  now: string;
  onClose: () => void;
  reload: () => Promise<unknown>;
}

export function SetDialog({ found, now, onClose, reload }: SetProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [policy, setPolicy] = useState(now);
  const [reason, setReason] = useState('');
  const known = useQuery({
    queryKey: ['sla_policies'],
    queryFn: () => client.get<{ items: (Named & { active: boolean })[] }>('/v1/sla_policies'),
  });
  const set = async (): Promise<void> => {
    const good = await run(async () => {
      await client.put(`/v1/cases/${found.id}/sla`, {
        body: { policy_id: policy || null, reason: reason.trim() },
      });
      await reload();
    }, t('targets.set_done'));
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('targets.set')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="check"
          busy={busy}
          disabled={!reason.trim() || policy === now}
          onClick={() => void set()}
        >
          {t('targets.set_take')}
        </Confirm>
      }
    >
      <p className="soft">{t('targets.set_hint')}</p>
      <Select
        label={t('targets.policy')}
        value={policy}
        onChange={setPolicy}
        options={[
          { value: '', label: t('targets.by_rules') },
          ...(known.data?.items ?? [])
            .filter((one) => one.active)
            .map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      <TextField
        label={t('targets.reason')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}

export function ExtendDialog({ found, onClose, reload }: Omit<SetProps, 'now'>) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [reason, setReason] = useState('');
  const extend = async (): Promise<void> => {
    const good = await run(async () => {
      await client.post(`/v1/cases/${found.id}/legal_deadline/extend`, {
        body: { reason: reason.trim() },
      });
      await reload();
    }, t('law.extended_done'));
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('law.extend')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="clock"
          busy={busy}
          disabled={!reason.trim()}
          onClick={() => void extend()}
        >
          {t('law.extend')}
        </Confirm>
      }
    >
      <p className="soft">{t('law.extend_hint')}</p>
      <TextField
        label={t('targets.reason')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}

export function LawDialog({ found, now, onClose, reload }: SetProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [law, setLaw] = useState(now);
  const known = useQuery({
    queryKey: ['deadline_templates'],
    queryFn: () => client.get<{ items: { key: string }[] }>('/v1/deadline_templates'),
  });
  const set = async (): Promise<void> => {
    const good = await run(async () => {
      await client.put(`/v1/cases/${found.id}/legal_deadline`, { body: { template: law || null } });
      await reload();
    }, t('law.set_done'));
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('law.set')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="clock"
          busy={busy}
          disabled={law === now}
          onClick={() => void set()}
        >
          {t('targets.set_take')}
        </Confirm>
      }
    >
      <p className="soft">{t('law.set_hint')}</p>
      <Select
        label={t('law.which')}
        value={law}
        onChange={setLaw}
        options={[
          { value: '', label: t('law.none') },
          ...(known.data?.items ?? []).map((one) => ({
            value: one.key,
            label: t(`law.${one.key}`, { defaultValue: one.key.replaceAll('_', ' ') }),
          })),
        ]}
      />
    </Dialog>
  );
}
