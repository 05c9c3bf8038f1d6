// One stream over all channels of a Case: sections, days, the line of what is new, what waits to go.

import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Interaction } from '@api/types';
import { dayName } from '@i18n/format';
import type { OutItem } from '@sync/outbox';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { toasts } from '@ui/Toasts';
import {
  useEntity,
  useLanguage,
  useNames,
  useOthers,
  useRows,
  useWorkspace,
} from '@agent/data/hooks';
import { useRoute } from '@agent/data/router';
import { spoken } from '@agent/parts/address';
import { ChannelMark } from '@agent/parts/Marks';
import { Item } from './Item';
import { SystemLines } from './System';
import { Pending, useOut } from './Pending';
import { linesOf, type Line } from './sections';
import type { Older } from './useCase';
import { useWindow, type Window } from './useWindow';

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

const LineView = memo(function LineView({ line }: { line: Line }) {
  const { t } = useTranslation();
  const language = useLanguage();
  switch (line.kind) {
    case 'day':
      return <div className="day-line">{dayName(language, line.at)}</div>;
    case 'new':
      return <div className="new-line">{t('case.new_since')}</div>;
    case 'section':
      return <Section interaction={line.interaction} />;
    case 'system':
      return <SystemLines messages={line.messages} />;
    case 'message':
      return (
        <Item
          message={line.message}
          channel={line.interaction?.channel_kind ?? 'chat'}
          follows={line.follows}
        />
      );
  }
});

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

/** Stands for lines that are not mounted. */
function Space({ px }: { px: number }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (ref.current) ref.current.style.height = `${px}px`;
  }, [px]);
  return px > 0 ? <div ref={ref} aria-hidden="true" /> : null;
}

const classOf = (line: Line, far: boolean, marked: boolean): string =>
  [
    'stream-line',
    line.kind === 'message' ? 'stream-item' : '',
    far ? 'stream-far' : '',
    marked ? 'stream-marked' : '',
  ]
    .filter(Boolean)
    .join(' ');

interface StreamProps {
  id: string;
  read: number | undefined;
  older: Older;
  onEdit: (item: OutItem) => void;
}

/** The Message an address leads to: `#/case/<id>/message/<id>` or `?item=<id>`. */
function useWanted(id: string): string | undefined {
  const { parts, query } = useRoute();
  if (!parts.includes(id)) return undefined;
  const at = parts.indexOf('message');
  return (at > 0 ? parts[at + 1] : undefined) ?? query.get('item') ?? undefined;
}

/** Fetches the wanted Message, shows it and marks it for a moment. */
function useLanding(
  wanted: string | undefined,
  older: Older,
  view: Window,
  keys: readonly string[],
) {
  const { t } = useTranslation();
  const [marked, setMarked] = useState<string>();
  const done = useRef<string>(undefined);
  const looked = useRef<string>(undefined);
  const here = wanted !== undefined && keys.includes(wanted);
  useEffect(() => {
    if (!wanted || done.current === wanted) return undefined;
    if (!here) {
      if (looked.current === wanted) return undefined;
      looked.current = wanted;
      void older
        .find(wanted)
        .then((found) => !found && toasts.show({ text: t('case.message_lost'), bad: true }))
        .catch(() => undefined);
      return undefined;
    }
    done.current = wanted;
    view.toLine(wanted);
    setMarked(wanted);
    const timer = setTimeout(() => setMarked(undefined), 3_000);
    return () => clearTimeout(timer);
  }, [wanted, here]);
  return marked;
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
  const keys = useMemo(() => lines.map((line) => line.key), [lines]);
  const last = messages[messages.length - 1];
  const view = useWindow(keys, `${last?.id ?? ''}${out.length}`);
  const marked = useLanding(useWanted(id), older, view, keys);
  const position = last?.position ?? 0;
  useEffect(() => {
    if (position > 0 && document.visibilityState === 'visible')
      void workspace.markRead(id, position);
  }, [workspace, id, position]);
  const { start, end } = view.range;
  return (
    <div className="stream-frame">
      <div
        className="stream scroll"
        ref={view.box}
        onScroll={view.onScroll}
        tabIndex={0}
        aria-label={t('case.stream')}
        role="region"
      >
        <div className="stream-inner" ref={view.inner}>
          {older.more && (
            <div className="older">
              <Button small busy={older.busy} onClick={older.load}>
                {t('case.older')}
              </Button>
            </div>
          )}
          <Space px={view.above} />
          <div role="log" aria-live="off" aria-label={t('case.messages')}>
            {lines.slice(start, end).map((line, at) => (
              <div
                key={line.key}
                data-line={line.key}
                className={classOf(line, start + at < view.near, line.key === marked)}
              >
                <LineView line={line} />
              </div>
            ))}
          </div>
          <Space px={view.below} />
          {out.map((item) => (
            <Pending key={item.cid} item={item} onEdit={onEdit} />
          ))}
          <Typing caseId={id} interactions={interactions} />
        </div>
      </div>
      {view.news && (
        <button type="button" className="pill pill-end" onClick={view.toEnd}>
          <Icon name="down" size={14} /> {t('case.below')}
        </button>
      )}
    </div>
  );
}
