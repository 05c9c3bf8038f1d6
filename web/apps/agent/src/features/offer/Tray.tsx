// The tray in the bar: how many Offers there are, which were put away, what became of the last ones.

import { useTranslation } from 'react-i18next';
import { span } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Popover } from '@ui/Popover';
import { useCell, useLanguage, useMyOffers, useNow, useWorkspace } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import { FateCard } from './FateCard';
import { fates, hidden, showAll } from './fates';

function Waiting() {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1_000);
  const offers = useMyOffers();
  return (
    <ul className="stack-tight">
      {offers.map((offer) => (
        <li key={offer.id} className="tray-row">
          <ChannelMark kind={offer.card.channel_kind} />
          <span className="grow cut">{offer.card.customer || offer.card.reference}</span>
          <span className="tiny soft figures">
            {t('offer.left_short', {
              time: span(language, Math.max(0, Date.parse(offer.deadline) - now)),
            })}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Tray() {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const offers = useMyOffers();
  const gone = useCell(fates);
  const away = useCell(hidden);
  if (!me.agent) return null;
  const label = t('offer.count', { count: offers.length });
  return (
    <Popover
      label={label}
      side="right"
      className={offers.length > 0 ? 'bar-button bar-button-on' : 'bar-button'}
      button={
        <>
          <Icon name="tray" size={18} />
          {offers.length > 0 && <span className="bar-count">{offers.length}</span>}
        </>
      }
    >
      {(close) => (
        <div className="tray">
          <div className="row">
            <h2 className="tray-title grow">{t('offer.tray')}</h2>
            {offers.some((offer) => away.has(offer.id)) && (
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  showAll();
                  close();
                }}
              >
                {t('offer.show_cards')}
              </button>
            )}
          </div>
          {offers.length > 0 ? <Waiting /> : <p className="soft small">{t('offer.none')}</p>}
          {gone.length > 0 && (
            <section className="stack-tight">
              <h3 className="tiny soft">{t('offer.gone')}</h3>
              {gone.map((fate) => (
                <FateCard key={fate.id} fate={fate} />
              ))}
            </section>
          )}
        </div>
      )}
    </Popover>
  );
}
