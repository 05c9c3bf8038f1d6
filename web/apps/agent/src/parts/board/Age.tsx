// How old what is shown is: quiet while it is live, said in words when it is not.

import { useTranslation } from 'react-i18next';
import { span } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { useLanguage } from '@agent/data/hooks';
import './counters.css';
import { STALE_MS } from './useBoard';

export function AgeOf({ ms, language }: { ms: number; language: string }) {
  const { t } = useTranslation();
  const stale = ms > STALE_MS;
  return (
    <p
      className={stale ? 'board-age board-age-old' : 'board-age'}
      role={stale ? 'status' : undefined}
    >
      {stale ? <Icon name="clock" size={14} /> : <span className="board-dot" aria-hidden="true" />}
      {stale ? t('board.old', { span: span(language, ms) }) : t('board.live')}
    </p>
  );
}

export function Age({ ms }: { ms: number }) {
  return <AgeOf ms={ms} language={useLanguage()} />;
}
