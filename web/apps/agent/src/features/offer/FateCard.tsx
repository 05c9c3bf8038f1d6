// A card that has left: missed, or withdrawn with the reason.

import { useTranslation } from 'react-i18next';
import { clockTime } from '@i18n/format';
import { IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useLanguage } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { forgetFate, type Fate } from './fates';

export function FateCard({ fate, card }: { fate: Fate; card?: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const name = fate.offer.card.customer || fate.offer.card.reference;
  const why = t(`withdrawn.${fate.reason}`, {
    defaultValue: (fate.reason ?? '').replaceAll('_', ' '),
  });
  return (
    <div className={card ? 'offer-card fate-card' : 'fate-card'} role={card ? 'status' : undefined}>
      <Icon name={fate.state === 'missed' ? 'alert' : 'undo'} size={16} />
      <p className="grow small">
        {fate.state === 'missed'
          ? t('offer.was_missed', { name })
          : t('offer.was_withdrawn', { name, why })}{' '}
        {!card && <span className="tiny soft">{clockTime(language, fate.at)}</span>}
      </p>
      <a className="small" href={href('case', fate.offer.case_id)}>
        {t('offer.look')}
      </a>
      <IconButton
        icon="close"
        size={14}
        label={t('ui.close')}
        onClick={() => forgetFate(fate.id)}
      />
    </div>
  );
}
