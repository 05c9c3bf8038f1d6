// What the customer thought of a chat: stars, told in words too, and his own words if he left any.

import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { Icon } from '@ui/Icon';
import './rating.css';

const STARS = [1, 2, 3, 4, 5];

export function Rating({ message }: { message: Message }) {
  const { t } = useTranslation();
  const facts = message.facts as Record<string, unknown>;
  const score = typeof facts.score === 'number' ? facts.score : 0;
  return (
    <div className="system-line rating-line">
      <span className="rating-stars" aria-hidden="true">
        {STARS.map((n) => (
          <span key={n} className={n <= score ? 'rating-on' : 'rating-off'}>
            <Icon name="star" size={15} />
          </span>
        ))}
      </span>
      <span>{t('widget.rated', { score })}</span>
      {message.text && <q className="rating-words">{message.text}</q>}
    </div>
  );
}
