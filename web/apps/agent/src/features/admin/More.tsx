// The foot of a list that is fetched page by page: more of it, as long as there is more.

import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function More({ of }: { of: Pages }) {
  const { t } = useTranslation();
  if (!of.hasNextPage) return null;
  return (
    <div className="row list-more">
      <Button busy={of.isFetchingNextPage} onClick={() => of.fetchNextPage()}>
        {t('admin.more')}
      </Button>
    </div>
  );
}
