// What the desk may correct about a customer: name, tier, language.

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Customer, Tier } from '@api/types';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

const TIERS: Tier[] = ['standard', 'priority', 'vip'];

export function EditCustomer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const [name, setName] = useState(customer.name);
  const [tier, setTier] = useState<string>(customer.tier);
  const [language, setLanguage] = useState(customer.language ?? '');
  const save = async (): Promise<void> => {
    const body = { name, tier, ...(language ? { language } : {}) };
    const good = await run(async () => {
      await client.patch(`/v1/customers/${customer.id}`, { body });
      await queries.invalidateQueries({ queryKey: ['customer', customer.id] });
    }, t('ui.saved'));
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('customer.edit')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" busy={busy} onClick={() => void save()}>
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('customer.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label={t('customer.tier')}
        value={tier}
        onChange={setTier}
        options={TIERS.map((value) => ({ value, label: t(`tier.${value}`) }))}
      />
      <Select
        label={t('customer.language')}
        value={language}
        onChange={setLanguage}
        options={[
          { value: '', label: t('customer.language_unknown') },
          ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
        ]}
      />
    </Dialog>
  );
}
