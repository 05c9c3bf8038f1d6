// The rules in the order they are asked; moved by drag, by buttons, or with Alt and the arrows.

import { useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@ui/Button';
import { Chip } from '@ui/Small';
import { useNames } from '@agent/data/hooks';
import { useRowsOf } from './list';
import { FaultList } from './FaultList';
import type { Fault, RuleLine } from './ruleModel';
import { conditionInWords, effects } from './ruleWords';

interface RuleListProps {
  rules: readonly RuleLine[];
  faults: readonly Fault[];
  hits: Record<string, number> | undefined;
  onMove: (from: number, to: number) => void;
  onEdit: (at: number) => void;
  onCopy: (at: number) => void;
  onRemove: (at: number) => void;
}

function Words({
  rule,
  known,
  faults,
  hits,
}: {
  rule: RuleLine;
  known: ReadonlyMap<string, string>;
  faults: readonly Fault[];
  hits: Record<string, number> | undefined;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { words, expression } = conditionInWords(t, rule.when, known);
  return (
    <div className="grow stack-tight rule-body">
      <span className="row wrap">
        <strong>{rule.id}</strong>
        {hits && (
          <span className="tiny soft">{t('rules.hits', { count: hits[rule.id] ?? 0 })}</span>
        )}
      </span>
      <span className={expression ? 'mono small rule-when' : 'small soft rule-when'}>{words}</span>
      <span className="row wrap rule-effects">
        {effects(t, names, rule).map((one) => (
          <Chip key={one} tone={one.startsWith('→') ? 'accent' : 'plain'}>
            {one}
          </Chip>
        ))}
      </span>
      <FaultList faults={faults} source={rule.when} />
    </div>
  );
}

interface ActsProps extends Pick<RuleListProps, 'onEdit' | 'onCopy' | 'onRemove'> {
  at: number;
  count: number;
  name: string;
  move: (from: number, to: number) => void;
}

function Acts({ at, count, name, move, onEdit, onCopy, onRemove }: ActsProps) {
  const { t } = useTranslation();
  return (
    <span className="rule-acts">
      <IconButton
        icon="down"
        className="turned"
        label={t('rules.up', { name: name })}
        disabled={at === 0}
        onClick={() => move(at, at - 1)}
      />
      <IconButton
        icon="down"
        label={t('rules.down', { name: name })}
        disabled={at === count - 1}
        onClick={() => move(at, at + 1)}
      />
      <IconButton icon="edit" label={t('admin.edit', { name: name })} onClick={() => onEdit(at)} />
      <IconButton icon="copy" label={t('rules.copy', { name: name })} onClick={() => onCopy(at)} />
      <IconButton
        icon="trash"
        label={t('rules.remove', { name: name })}
        onClick={() => onRemove(at)}
      />
    </span>
  );
}

export function RuleList({ rules, faults, hits, onMove, onEdit, onCopy, onRemove }: RuleListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [said, setSaid] = useState('');
  const accounts = useRowsOf<{ address: string; name: string }>('/v1/channel_accounts');
  const known = new Map(accounts.rows.map((one) => [one.address, one.name]));
  const move = (from: number, to: number): void => {
    const rule = rules[from];
    if (!rule || to < 0 || to >= rules.length) return;
    onMove(from, to);
    setSaid(t('rules.moved', { name: rule.id, place: to + 1, count: rules.length }));
    requestAnimationFrame(() => {
      list.current?.querySelectorAll<HTMLElement>('.rule')[to]?.focus();
    });
  };
  const onKey = (event: KeyboardEvent, at: number): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(at, event.key === 'ArrowUp' ? at - 1 : at + 1);
  };
  const drop = (event: DragEvent, to: number): void => {
    event.preventDefault();
    if (dragged !== undefined && dragged !== to) move(dragged, to);
    setDragged(undefined);
    setOver(undefined);
  };
  return (
    <>
      <p className="sr" id="rules-keys">
        {t('rules.keys')}
      </p>
      <ol ref={list} className="plain-list rule-list">
        {rules.map((rule, at) => (
          <li
            key={rule.id}
            className={over === at && dragged !== at ? 'rule rule-over' : 'rule'}
            tabIndex={0}
            aria-label={t('rules.nth', { place: at + 1, name: rule.id })}
            aria-describedby="rules-keys"
            draggable
            onKeyDown={(event) => onKey(event, at)}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              setDragged(at);
            }}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(at);
            }}
            onDragEnd={() => {
              setDragged(undefined);
              setOver(undefined);
            }}
            onDrop={(event) => drop(event, at)}
          >
            <span className="rule-place figures" aria-hidden="true">
              {at + 1}
            </span>
            <Words
              rule={rule}
              known={known}
              faults={faults.filter((one) => one.index === at)}
              hits={hits}
            />
            <Acts
              at={at}
              count={rules.length}
              name={rule.id}
              move={move}
              {...{ onEdit, onCopy, onRemove }}
            />
          </li>
        ))}
      </ol>
      <p className="rule-rest small soft">{t('rules.rest')}</p>
      <p className="sr" role="status">
        {said}
      </p>
    </>
  );
}
