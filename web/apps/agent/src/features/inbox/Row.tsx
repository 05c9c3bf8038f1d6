// One row of the list: who, what, how long, over which channels, and who has it.

import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { Chip, Face } from '@ui/Small';
import { useCell, useEntity, useLiveWork, useNames, useWorkspace } from '@agent/data/hooks';
import { Age, ChannelMark, PriorityChip, TierMark } from '@agent/parts/Marks';
import { governing, SlaChip } from '@agent/parts/SlaChip';
import { unread } from './rules';

interface RowProps {
  id: string;
  index: number;
  total: number;
  selected: boolean;
  onOpen: (id: string) => void;
}

export const Row = memo(function Row({ id, index, total, selected, onOpen }: RowProps) {
  const { t } = useTranslation();
  const { reads, me } = useWorkspace();
  const names = useNames();
  const found = useEntity('case', id);
  const work = useLiveWork(found);
  const read = useCell(reads)[id];
  if (!found) return null;
  const fresh = unread(found, read);
  const name = found.customer.name || t('customer.unnamed');
  const holder = work.find((item) => item.agent_id)?.agent_id ?? found.owner_id;
  const waiting = work.some((item) => item.state === 'waiting');
  // A clock that stands because of the state says no more than the state.
  const idle = found.state !== 'open' && governing(found.clocks)?.state === 'paused';
  const parked = work.length > 0 && work.every((item) => item.state === 'parked');
  return (
    <div
      id={`row-${id}`}
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      className={`case-row ${selected ? 'case-row-selected' : ''} ${fresh ? 'case-row-fresh' : ''}`}
      onClick={() => onOpen(id)}
    >
      <Face name={name} />
      <div className="case-row-body">
        <div className="row">
          <span className="case-row-name cut">{name}</span>
          <TierMark tier={found.customer.tier} />
          <span className="grow" />
          {fresh && <span className="dot" title={t('inbox.unread')} />}
          {fresh && <span className="sr">{t('inbox.unread')}</span>}
          <span className="tiny soft">
            <Age at={found.last_at} />
          </span>
        </div>
        <div className="case-row-title cut">{found.title || t('case.untitled')}</div>
        <div className="case-row-preview cut">{found.preview}</div>
        <div className="row case-row-foot">
          {found.channels.map((kind) => (
            <ChannelMark key={kind} kind={kind} />
          ))}
          {!idle && <SlaChip clocks={found.clocks} />}
          <PriorityChip priority={found.priority} />
          {parked && <Chip icon="moon">{t('work.state.parked')}</Chip>}
          {found.state !== 'open' && <Chip>{t(`case.state.${found.state}`)}</Chip>}
          <span className="grow" />
          {holder && holder !== me.id && (
            <span className="case-row-holder tiny soft" title={names.person(holder)}>
              <Icon name="user" size={12} />
              <span className="cut">{names.person(holder)}</span>
            </span>
          )}
          {!holder && waiting && <span className="tiny soft">{t('work.state.waiting')}</span>}
        </div>
      </div>
    </div>
  );
});
