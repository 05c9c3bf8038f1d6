// The customer's own details as pairs of a name and a value; only what was changed is sent.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { useCorrect } from './useCustomer';

interface Pair {
  id: number;
  name: string;
  value: string;
}

/** What must be told so that ``was`` becomes ``now``: new values, and null for what went. */
export function changed(
  was: Record<string, string>,
  now: readonly { name: string; value: string }[],
): Record<string, string | null> {
  const after = new Map(now.map((one) => [one.name.trim(), one.value.trim()]));
  const told: Record<string, string | null> = {};
  for (const name of Object.keys(was)) if (!after.get(name)) told[name] = null;
  for (const [name, value] of after) if (name && value && was[name] !== value) told[name] = value;
  return told;
}

export function Attributes({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const { busy, correct } = useCorrect(customer.id);
  const was = customer.attrs ?? {};
  const [pairs, setPairs] = useState<Pair[]>(() => {
    const known = Object.entries(was).map(([name, value], id) => ({ id, name, value }));
    return known.length > 0 ? known : [{ id: 0, name: '', value: '' }];
  });
  const set = (id: number, part: Partial<Pair>): void =>
    setPairs(pairs.map((one) => (one.id === id ? { ...one, ...part } : one)));
  const save = async (): Promise<void> => {
    const attrs = changed(was, pairs);
    if (Object.keys(attrs).length === 0) return onClose();
    const before = Object.fromEntries(Object.keys(attrs).map((name) => [name, was[name] ?? null]));
    if (await correct({ attrs }, { attrs: before })) onClose();
  };
  return (
    <Dialog
      title={t('customer.attributes_edit')}
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
      {pairs.map((pair) => (
        <div key={pair.id} className="attribute-row">
          <TextField
            label={t('customer.attribute_name')}
            value={pair.name}
            maxLength={60}
            onChange={(event) => set(pair.id, { name: event.target.value })}
          />
          <TextField
            label={t('customer.attribute_value')}
            value={pair.value}
            maxLength={500}
            onChange={(event) => set(pair.id, { value: event.target.value })}
          />
          <IconButton
            icon="trash"
            label={t('customer.attribute_remove', { name: pair.name })}
            onClick={() => setPairs(pairs.filter((one) => one.id !== pair.id))}
          />
        </div>
      ))}
      <Button
        small
        icon="plus"
        onClick={() => {
          const id = Math.max(-1, ...pairs.map((one) => one.id)) + 1;
          setPairs([...pairs, { id, name: '', value: '' }]);
        }}
      >
        {t('customer.attribute_add')}
      </Button>
    </Dialog>
  );
}
