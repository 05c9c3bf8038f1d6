// What is decided about a customer beside correcting him; each dialog is fetched when it is opened first.

import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { late } from '@i18n/late';
import type { Customer } from '@api/types';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { useWorkspace } from '@agent/data/hooks';
import { may } from '@agent/parts/rights';

const JoinDialog = late('match', async () => (await import('./match/JoinDialog')).JoinDialog);
const OriginDialog = late('match', async () => (await import('./match/OriginDialog')).OriginDialog);

export function Acts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const [open, setOpen] = useState<'join' | 'origin'>();
  const items: MenuItem[] = [
    { id: 'origin', icon: 'link', label: t('customer.origin'), onSelect: () => setOpen('origin') },
  ];
  if (may(me, 'merge'))
    items.unshift({
      id: 'join',
      icon: 'merge',
      label: t('customer.join'),
      onSelect: () => setOpen('join'),
    });
  const close = (): void => setOpen(undefined);
  return (
    <>
      <Menu
        label={t('customer.acts')}
        className="icon-button"
        button={<Icon name="more" size={17} />}
        items={items}
        side="right"
      />
      <Suspense>
        {open === 'join' && <JoinDialog customer={customer} onClose={close} />}
        {open === 'origin' && <OriginDialog customer={customer} onClose={close} />}
      </Suspense>
    </>
  );
}
