// One row of the list: who, what, how long, over which channels, who has it, who is looking.

import { memo, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { count, worded } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Chip, Face } from '@ui/Small';
import {
  useEntity,
  useLanguage,
  useLiveWork,
  useNames,
  useReadTo,
  useWorkspace,
} from '@agent/data/hooks';
import { Age, ChannelMark, PriorityChip, TierMark } from '@agent/parts/Marks';
import { SlaChip, stands } from '@agent/parts/SlaChip';
import { Busy, Holders, Wakes } from './RowParts';
import { snoozed, wakesAt } from './rules';
import { unreadCount } from './unread';

interface RowProps {
  id: string;
  index: number;
  total: number;
  /** The one that stands open beside the list. */
  current: boolean;
  picked: boolean;
  picking: boolean;
  onPress: (id: string, event: MouseEvent) => void;
  onMark: (id: string) => void;
}

export const Row = memo(function Row(props: RowProps) {
  const { t } = useTranslation();
  const { id, index, total, current, picked, picking, onPress } = props;
  const found = useEntity('case', id);
  const classes = ['case-row'];
  if (current) classes.push('case-row-current');
  if (picked) classes.push('case-row-picked');
  return (
    <div
      id={`row-${id}`}
      role="option"
      aria-selected={picking ? picked : current}
      aria-current={current || undefined}
      aria-posinset={index + 1}
      aria-setsize={total}
      className={classes.join(' ')}
      onClick={(event) => onPress(id, event)}
    >
      {found ? <Known {...props} found={found} /> : <p className="soft small">{t('list.gone')}</p>}
    </div>
  );
});

function Known({ found, current, picked, onMark }: RowProps & { found: Case }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { byCase } = useWorkspace();
  const work = useLiveWork(found);
  const read = useReadTo(found.id);
  const fresh = unreadCount(found, read, byCase.message.rows(found.id));
  const name = found.customer.name || t('customer.unnamed');
  // A clock that stands because of the state says why; the state need not be told twice.
  const idle = stands(found);
  const names = useNames();
  // Talks without a subject are called by their first words: the queue tells more than the words again.
  const twice = found.title !== '' && found.preview.startsWith(found.title.replace(/…$/, ''));
  const preview = (twice && names.queue(work[0]?.queue_id)) || found.preview;
  const asleep = Boolean(found.snooze) || snoozed(found, work);
  return (
    <>
      <span
        className="case-row-mark"
        onClick={(event) => {
          event.stopPropagation();
          onMark(found.id);
        }}
      >
        {picked ? (
          <span className="case-row-check">
            <Icon name="check" size={16} />
          </span>
        ) : (
          <Face name={name} />
        )}
      </span>
      <div className={fresh > 0 ? 'case-row-body case-row-fresh' : 'case-row-body'}>
        <div className="case-row-top">
          {found.channels.map((kind) => (
            <ChannelMark key={kind} kind={kind} size={14} />
          ))}
          <span className="case-row-name cut">{name}</span>
          <TierMark tier={found.customer.tier} />
          {found.language && found.language !== language && (
            <span className="case-row-language">{found.language}</span>
          )}
          <span className="grow" />
          <span className="case-row-age">
            <Age at={found.last_at} />
          </span>
          {fresh > 0 && (
            <span className="case-row-count figures">
              <span aria-hidden="true">{fresh > 99 ? '99+' : fresh}</span>
              <span className="sr">
                {t('list.unread', { count: fresh, number: count(language, fresh) })}
              </span>
            </span>
          )}
        </div>
        <div className="case-row-middle">
          <span className="case-row-title cut">{found.title || t('case.untitled')}</span>
          <span className="grow" />
          {found.help && (
            <span className="case-row-help" title={t('list.help')}>
              <Icon name="hand" size={14} />
              <span className="sr">{t('list.help')}</span>
            </span>
          )}
          {asleep && <Wakes at={wakesAt(found, work)} />}
          {idle ? (
            <span className="case-row-idle" title={t(`case.state.${found.state}`)}>
              <Icon name="pause" size={13} />
              <span className="sr">{t(`case.state.${found.state}`)}</span>
            </span>
          ) : (
            <SlaChip clocks={found.clocks} short />
          )}
        </div>
        <div className="case-row-foot">
          <Busy id={found.id} preview={preview} current={current} />
          <PriorityChip priority={found.priority} />
          {idle && <SlaChip clocks={found.clocks} state={found.state} />}
          {found.state !== 'open' && !idle && <Chip>{t(`case.state.${found.state}`)}</Chip>}
          {found.steps?.now && (
            <Chip icon="checks" title={worded(language, found.steps.titles, found.steps.now)}>
              {worded(language, found.steps.titles, found.steps.now)}
            </Chip>
          )}
          <Holders found={found} work={work} />
        </div>
      </div>
    </>
  );
}
