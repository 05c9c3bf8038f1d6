// Capacity: what one piece of work of each channel takes of an agent, and what may interrupt what.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Check } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { asError } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { CHANNELS, UNWRITTEN } from '@agent/parts/channels';
import { ChannelMark } from '@agent/parts/Marks';
import {
  atOnce,
  bodyOf,
  changes,
  draftOf,
  mayInterrupt,
  pairOf,
  unitsOf,
  type CapacityDraft,
  type CapacityRules,
} from './capacityModel';
import { seen, useSave } from './list';
import { SaveBar } from './SaveBar';
import { useGrid } from './useGrid';
import './matrix.css';

const PATH = '/v1/routing/capacity';
const KINDS = [...CHANNELS, ...UNWRITTEN];

interface PartProps {
  draft: CapacityDraft;
  change: (draft: CapacityDraft) => void;
}

function Channel({ kind }: { kind: string }) {
  const { t } = useTranslation();
  return (
    <span className="row">
      <ChannelMark kind={kind} size={16} />
      {t(`channel.${kind}`)}
    </span>
  );
}

function Costs({ draft, change }: PartProps) {
  const { t } = useTranslation();
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('capacity.channel')}</th>
          <th scope="col">{t('capacity.units')}</th>
          <th scope="col">{t('capacity.at_once')}</th>
          <th scope="col">{t('capacity.alone')}</th>
        </tr>
      </thead>
      <tbody>
        {KINDS.map((kind) => {
          const cost = draft.costs[kind] ?? { units: 50, exclusive: false };
          const name = t(`channel.${kind}`);
          const set = (part: Partial<typeof cost>): void =>
            change({ ...draft, costs: { ...draft.costs, [kind]: { ...cost, ...part } } });
          return (
            <tr key={kind}>
              <th scope="row">
                <Channel kind={kind} />
              </th>
              <td>
                <input
                  className="input capacity-units figures"
                  type="number"
                  min={1}
                  max={300}
                  aria-label={t('capacity.units_of', { channel: name })}
                  value={cost.units}
                  onChange={(event) => set({ units: unitsOf(event.target.value) })}
                />
              </td>
              <td className="figures">{atOnce(cost)}</td>
              <td>
                <Check
                  label={t('capacity.needs_all')}
                  checked={cost.exclusive}
                  onChange={(exclusive) => set({ exclusive })}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Interrupts({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const cell = useGrid(KINDS.length, KINDS.length);
  const toggle = (pair: string): void => {
    const pairs = new Set(draft.pairs);
    if (!pairs.delete(pair)) pairs.add(pair);
    change({ ...draft, pairs });
  };
  return (
    <div className="matrix-scroll">
      <table className="table matrix" role="grid" aria-label={t('capacity.interrupts')}>
        <thead>
          <tr>
            <th scope="col">{t('capacity.arrives')}</th>
            {KINDS.map((held) => (
              <th key={held} scope="col">
                <span className="matrix-head">
                  <span className="matrix-name">{t(`channel.${held}`)}</span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {KINDS.map((arrives, row) => (
            <tr key={arrives}>
              <th scope="row">
                <Channel kind={arrives} />
              </th>
              {KINDS.map((held, column) => {
                const pair = pairOf(arrives, held);
                const may = mayInterrupt(draft, arrives, held);
                const on = may && draft.pairs.has(pair);
                return (
                  <td key={held}>
                    <button
                      type="button"
                      className="level"
                      {...cell(row, column)}
                      data-level={on ? 5 : 0}
                      aria-pressed={on}
                      aria-disabled={!may || undefined}
                      aria-label={t('capacity.pair', {
                        arrives: t(`channel.${arrives}`),
                        held: t(`channel.${held}`),
                      })}
                      onClick={() => may && toggle(pair)}
                    >
                      {on ? <Icon name="check" size={14} /> : may ? '·' : '–'}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Capacity() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const saving = useSave();
  const query = useQuery({
    queryKey: ['admin', PATH],
    queryFn: () => client.get<CapacityRules>(PATH),
  });
  const rules = query.data;
  const [draft, setDraft] = useState<CapacityDraft>();
  const shown = draft ?? (rules && draftOf(rules));
  const save = async (): Promise<void> => {
    if (!rules || !draft) return;
    const body = bodyOf(rules, draft);
    if (await saving.save(() => client.put(PATH, { body, headers: seen(rules) })))
      setDraft(undefined);
  };
  return (
    <section aria-label={t('admin.capacity')}>
      <header className="row wrap admin-head">
        <div className="grow">
          <h1>{t('admin.capacity')}</h1>
          <p className="soft">{t('capacity.hint')}</p>
        </div>
      </header>
      <Async
        loading={query.isLoading}
        error={rules ? null : asError(query.error)}
        retry={() => void query.refetch()}
      >
        {rules && shown && (
          <>
            <div className="card admin-card">
              <Costs draft={shown} change={setDraft} />
            </div>
            <div className="card admin-card">
              <header className="admin-pad matrix-title">
                <h2>{t('capacity.interrupts')}</h2>
                <p className="small soft">{t('capacity.interrupts_hint')}</p>
              </header>
              <Interrupts draft={shown} change={setDraft} />
            </div>
            <SaveBar
              count={draft ? changes(rules, draft) : 0}
              busy={saving.busy}
              onSave={() => void save()}
              onDiscard={() => setDraft(undefined)}
            />
          </>
        )}
      </Async>
    </section>
  );
}
