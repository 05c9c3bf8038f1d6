// Parts of a row that live by themselves: who looks and types, who has the work, when it wakes.

import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, WorkItem } from '@api/types';
import { fullTime, shortAge } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { useLanguage, useNames, useNow, useRows, useWorkspace } from '@agent/data/hooks';
import type { Other } from '@agent/data/presences';

/** Rows that only fly past while scrolling join no topic. */
const SETTLED_MS = 400;
const MOST_FACES = 3;

function useOthersOf(id: string): readonly Other[] {
  const { others, stream } = useWorkspace();
  const topic = `case:${id}`;
  useEffect(() => {
    let leave: (() => void) | undefined;
    const timer = setTimeout(() => {
      leave = stream.join(topic);
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
      leave?.();
    };
  }, [stream, topic]);
  return useSyncExternalStore(others.subscribe, () => others.get(topic));
}

/** Who has begun an answer or a note here and not sent it; one's own is told while one is elsewhere. */
function Drafted({ id, current }: { id: string; current: boolean }) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const drafts = useRows('draft', id);
  const theirs = drafts.filter((row) => row.person_id !== me.id);
  const names = [...new Set(theirs.map((row) => row.person ?? ''))].filter(Boolean).join(', ');
  const mine = !current && theirs.length < drafts.length;
  if (!names && !mine) return null;
  return (
    <span className="case-row-draft">
      <Icon name="edit" size={12} />
      <span className="cut">{names ? t('list.draft', { names }) : t('list.draft_mine')}</span>
    </span>
  );
}

interface BusyProps {
  id: string;
  preview: string;
  /** This Case stands open beside the list. */
  current: boolean;
}

/** The preview, or who types here just now; faces of colleagues who look. */
export function Busy({ id, preview, current }: BusyProps) {
  const { t } = useTranslation();
  const others = useOthersOf(id);
  const typing = others.find((one) => one.kind === 'typing');
  const looking = others.filter((one) => one.id !== 'customer');
  const faces = [...new Map(looking.map((one) => [one.id, one])).values()].slice(0, MOST_FACES);
  return (
    <>
      {typing ? (
        <span className="case-row-typing cut">
          {typing.name ? t('list.typing', { name: typing.name }) : t('list.customer_typing')}
        </span>
      ) : (
        <>
          <Drafted id={id} current={current} />
          <span className="case-row-preview cut">{preview}</span>
        </>
      )}
      <span className="grow" />
      {faces.length > 0 && (
        <span className="case-row-faces" title={faces.map((one) => one.name).join(', ')}>
          {faces.map((one) => (
            <Face key={one.id} name={one.name} size="small" />
          ))}
          <span className="sr">
            {t('list.viewing', { names: faces.map((one) => one.name).join(', ') })}
          </span>
        </span>
      )}
    </>
  );
}

/** Owners other than me; two Agents may have two pieces of work in one Case. */
export function Holders({ found, work }: { found: Case; work: readonly WorkItem[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const { me } = useWorkspace();
  const held = work.map((item) => item.agent_id).filter((id): id is string => id !== null);
  const all = [...new Set(held.length > 0 ? held : found.owner_id ? [found.owner_id] : [])];
  const others = all.filter((id) => id !== me.id);
  if (all.length === 0) {
    const waits = work.some((item) => item.state === 'waiting');
    return waits ? <span className="case-row-holder">{t('work.state.waiting')}</span> : null;
  }
  if (others.length === 0) return null;
  const words = others.map((id) => names.person(id)).join(', ');
  return (
    <span className="case-row-holder" title={words}>
      <Icon name="user" size={12} />
      <span className="cut">{words}</span>
    </span>
  );
}

export function Wakes({ at }: { at: string | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  const moment = at ? Date.parse(at) : 0;
  const [title] = useState(() => (at ? fullTime(language, moment) : t('work.state.parked')));
  return (
    <span className="case-row-wakes figures" title={title}>
      <Icon name="moon" size={13} />
      <span className="sr">{t('work.state.parked')}</span>
      {at && shortAge(language, moment, now)}
    </span>
  );
}
