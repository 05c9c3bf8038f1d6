// The countdown of a Case: time left, amber in the last quarter, red when over, grey when paused.

import { useTranslation } from 'react-i18next';
import type { Case, SlaClock } from '@api/types';
import { span } from '@i18n/format';
import { Chip, type Tone } from '@ui/Small';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';

const QUARTER = 0.25;

/** The clock that strikes first; paused ones speak only when nothing runs. */
export function governing(clocks: readonly SlaClock[] | undefined): SlaClock | undefined {
  const running = (clocks ?? []).filter(
    (clock) => clock.due_at && (clock.state === 'running' || clock.state === 'breached'),
  );
  running.sort((a, b) => ((a.due_at ?? '') < (b.due_at ?? '') ? -1 : 1));
  return running[0] ?? clocks?.find((clock) => clock.state === 'paused');
}

export function toneOf(clock: SlaClock, now: number): Tone {
  if (clock.state === 'paused' || !clock.due_at) return 'plain';
  const left = Date.parse(clock.due_at) - now;
  if (left < 0 || clock.state === 'breached') return 'bad';
  if (clock.warn_at ? now >= Date.parse(clock.warn_at) : left < clock.target_ms * QUARTER)
    return 'warn';
  return 'plain';
}

/** A clock stands still while the Case waits: the state is the reason. */
export const stands = (found: Pick<Case, 'clocks' | 'state'>): boolean =>
  found.state !== 'open' && governing(found.clocks)?.state === 'paused';

interface SlaChipProps {
  clocks: Case['clocks'] | undefined;
  /** Why a clock that stands does so. */
  state?: Case['state'];
  /** In a row of a list: figures to the eye, the whole sentence to the ear and on hover. */
  short?: boolean;
}

export function SlaChip({ clocks, state, short = false }: SlaChipProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { clock: server } = useWorkspace();
  const clock = governing(clocks);
  const due = clock?.due_at ? Date.parse(clock.due_at) : 0;
  const near = due !== 0 && Math.abs(due - server.now()) < 120_000;
  const now = useNow(near ? 1_000 : 10_000);
  if (!clock) return null;
  const kind = t(`sla.${clock.type}`);
  if (clock.state === 'paused' || !clock.due_at) {
    return (
      <Chip icon="pause" title={`${kind}: ${t('sla.paused')}`}>
        {state && state !== 'open' ? t(`case.state.${state}`) : t('sla.paused')}
      </Chip>
    );
  }
  const left = due - now;
  const words = span(language, Math.abs(left));
  const text = left < 0 ? t('sla.over', { time: words }) : t('sla.left', { time: words });
  return (
    <Chip tone={toneOf(clock, now)} icon={left < 0 ? 'alert' : 'clock'} title={`${kind}: ${text}`}>
      <span className="sr">
        {kind}: {short && text}
      </span>
      {short ? <span aria-hidden="true">{left < 0 ? `−${words}` : words}</span> : text}
    </Chip>
  );
}
