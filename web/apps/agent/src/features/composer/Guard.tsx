// The channel guard: by which door the answer leaves, or why it cannot.

import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import { Icon } from '@ui/Icon';
import { ChannelMark } from '@agent/parts/Marks';

export function Guard({ answer }: { answer: CaseAnswer }) {
  const { t } = useTranslation();
  const to = answer.reply_to;
  if (!to) {
    return (
      <p className="guard guard-blocked">
        <Icon name="alert" size={14} /> {t('guard.none')}
      </p>
    );
  }
  if (!to.allowed) {
    const why = to.why ?? '';
    return (
      <p className="guard guard-blocked">
        <Icon name="alert" size={14} />{' '}
        {t(`guard.why.${why}`, { defaultValue: t('guard.blocked', { why }) })}
      </p>
    );
  }
  const from = typeof to.account === 'string' ? to.account : (to.account?.name ?? '');
  const chat = to.channel_kind === 'chat';
  return (
    <p className="guard">
      <ChannelMark kind={to.channel_kind} size={14} />
      <span className="cut">
        {chat ? t('guard.chat') : t('guard.goes', { address: to.address, from })}
      </span>
    </p>
  );
}
