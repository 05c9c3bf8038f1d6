// The customer's side beside the desk: the pretended company's site, where one is whom one likes.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { useLanguage } from '@agent/data/hooks';

export function CustomerSide() {
  const { t } = useTranslation();
  const language = useLanguage();
  const address = `/demo/customer?lang=${language}`;
  return (
    <section className="demo-customer" aria-label={t('demo.customer')}>
      <header className="demo-customer-head small">
        <Icon name="user" size={15} />
        <span className="grow cut">{t('demo.customer_hint')}</span>
        <a
          className="icon-button"
          href={address}
          target="_blank"
          rel="noreferrer"
          title={t('demo.customer_window')}
          aria-label={t('demo.customer_window')}
        >
          <Icon name="out" size={16} />
        </a>
      </header>
      <iframe title={t('demo.customer')} src={address} className="demo-frame" />
    </section>
  );
}
