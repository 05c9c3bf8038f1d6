// A Case as one to choose: its title, number and customer, and how it stands.

import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { StateChip } from './Marks';

export function CaseLine({
  found,
}: {
  found: Pick<Case, 'title' | 'reference' | 'customer' | 'state'>;
}) {
  const { t } = useTranslation();
  return (
    <>
      <span className="grow">
        <span className="cut choice-title">{found.title || t('case.untitled')}</span>
        <span className="tiny soft">
          {found.reference} · {found.customer.name}
        </span>
      </span>
      <StateChip state={found.state} />
    </>
  );
}
