// What a notice is called, by its kind and by who caused it.

import type { TFunction } from 'i18next';
import type { Notice } from '@api/types';

export const titleOf = (notice: Pick<Notice, 'kind' | 'from_name'>, t: TFunction): string =>
  t(`notice.${notice.from_name ? 'by_' : ''}${notice.kind}`, {
    name: notice.from_name,
    defaultValue: t(`notice.${notice.kind}`),
  });
