// What the desk may correct about a customer: name, tier, language.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Customer, Tier } from '@api/types';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useCorrect } from './useCustomer';

const TIERS: Tier[] = ['standard', 'priority', 'vip'];

export function EditCustomer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const { busy, correct } = useCorrect(customer.id);
  const [name, setName] = useState(customer.name);
  const [tier, setTier] = useState<string>(customer.tier);
  const [language, setLanguage] = useState(customer.language ?? '');
  const save = async (): Promise<void> => {
    const was = { name: customer.name, tier: customer.tier, language: customer.language ?? '' };
    const told = Object.entries({ name, tier, language });
    const changes = told.filter(([field, value]) => was[field as keyof typeof was] !== value);
    const before = Object.entries(was).filter(([field]) => changes.some(([one]) => one === field));
    const same = changes.length === 0;
    if (same || (await correct(Object.fromEntries(changes), Object.fromEntries(before)))) onClose();
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
