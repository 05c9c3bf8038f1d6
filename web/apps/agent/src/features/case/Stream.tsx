// One stream over all channels of a Case: sections, days, the line of what is new, what waits to go.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '@api/types';
import { dayName } from '@i18n/format';
import type { OutItem } from '@sync/outbox';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import {
  useEntity,
  useLanguage,
  useNames,
  useOthers,
  useRows,
  useWorkspace,
} from '@agent/data/hooks';
import { spoken } from '@agent/parts/address';
import { ChannelMark } from '@agent/parts/Marks';
import { Item } from './Item';
import { Pending, useOut } from './Pending';
import { linesOf, type Line } from './sections';
import type { Older } from './useCase';

function Section({ interaction }: { interaction: Interaction }) {
  const { t } = useTranslation();
  const names = useNames();
  const live = useEntity('interaction', interaction.id) ?? interaction;
  const agent = names.person(live.agent_id);
  return (
    <header className="section-line">
      <ChannelMark kind={live.channel_kind} size={16} />
      <h2 className="cut">{live.subject || t(`channel.${live.channel_kind}`)}</h2>
      <span className="tiny soft cut">{spoken(live.identity.address, t)}</span>
      <span className="grow" />
      {live.identity.state !== 'good' && (
        <Chip tone="warn" icon="alert">
          {t(`identity.state.${live.identity.state}`)}
        </Chip>
      )}
      <Chip tone={live.mode === 'live' && live.state !== 'ended' ? 'good' : 'plain'}>
        {t(`interaction.state.${live.state}`)}
        {agent ? ` · ${agent}` : ''}
      </Chip>
    </header>
  );
}

function LineView({ line }: { line: Line }) {
  const { t } = useTranslation();
  const language = useLanguage();
  switch (line.kind) {
    case 'day':
      return <div className="day-line">{dayName(language, line.at)}</div>;
    case 'new':
      return <div className="new-line">{t('case.new_since')}</div>;
    case 'section':
      return <Section interaction={line.interaction} />;
    case 'message':
      return (
        <Item
          message={line.message}
          channel={line.interaction?.channel_kind ?? 'chat'}
          follows={line.follows}
        />
      );
  }
}

function Typing({
  caseId,
  interactions,
}: {
  caseId: string;
  interactions: readonly Interaction[];
}) {
  const { t } = useTranslation();
  const open = interactions.find((row) => row.mode === 'live' && row.state !== 'ended');
  const colleagues = useOthers(`case:${caseId}`).filter((other) => other.kind === 'typing');
  const visitor = useOthers(open ? `visitor:${open.id}` : undefined).some(
    (other) => other.kind === 'typing',
  );
  if (!visitor && colleagues.length === 0) return null;
  return (
    <p className="typing tiny soft">
      <span className="typing-dots" aria-hidden="true" />
      {visitor
        ? t('case.customer_types')
        : t('case.types', { name: colleagues.map((other) => other.name).join(', ') })}
    </p>
  );
}

interface StreamProps {
  id: string;
  read: number | undefined;
  older: Older;
  onEdit: (item: OutItem) => void;
}

/** Stays at the end while the reader is at the end; else says that something came. */
function useEnd(mark: string) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [below, setBelow] = useState(false);
  const toEnd = (): void => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
    setBelow(false);
  };
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
    else setBelow(true);
  }, [mark]);
  useEffect(() => {
    const inner = box.current?.firstElementChild;
    if (!inner || typeof ResizeObserver === 'undefined') return undefined;
    const watcher = new ResizeObserver(() => atEnd.current && toEnd());
    watcher.observe(inner);
    return () => watcher.disconnect();
  }, []);
  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
    if (atEnd.current) setBelow(false);
  };
  return { box, below, toEnd, onScroll };
}

export function Stream({ id, read, older, onEdit }: StreamProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const messages = useRows('message', id);
  const interactions = useRows('interaction', id);
  const out = useOut(id);
  const lines = useMemo(
    () => linesOf(messages, interactions, read),
    [messages, interactions, read],
  );
  const last = messages[messages.length - 1];
  const end = useEnd(`${last?.id ?? ''}${out.length}`);
  const position = last?.position ?? 0;
  useEffect(() => {
    if (position > 0 && document.visibilityState === 'visible')
      void workspace.markRead(id, position);
  }, [workspace, id, position]);
  return (
    <div className="stream-frame">
      <div
        className="stream scroll"
        ref={end.box}
        onScroll={end.onScroll}
        tabIndex={0}
        aria-label={t('case.stream')}
        role="region"
      >
        <div className="stream-inner">
          {older.more && (
            <div className="older">
              <Button small busy={older.busy} onClick={older.load}>
                {t('case.older')}
              </Button>
            </div>
          )}
          <div role="log" aria-live="off" aria-label={t('case.messages')}>
            {lines.map((line) => (
              <div key={line.key} className={line.kind === 'message' ? 'stream-item' : undefined}>
                <LineView line={line} />
              </div>
            ))}
            {out.map((item) => (
              <Pending key={item.cid} item={item} onEdit={onEdit} />
            ))}
          </div>
          <Typing caseId={id} interactions={interactions} />
        </div>
      </div>
      {end.below && (
        <button type="button" className="pill pill-end" onClick={end.toEnd}>
          <Icon name="down" size={14} /> {t('case.below')}
        </button>
      )}
    </div>
  );
}
