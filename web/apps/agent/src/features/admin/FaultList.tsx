// What is wrong with a rule, in words, with the place in its text.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import type { Fault } from './ruleModel';

const known = new Set([
  'rule.syntax',
  'rule.unknown_variable',
  'rule.unknown_field',
  'rule.unknown_function',
  'rule.no_condition',
  'rule.when_missing',
  'rule.id_twice',
  'rule.queue_gone',
  'rule.skill_unknown',
  'rule.too_deep',
  'rule.too_long',
  'rule.fails',
]);

function Place({ fault, source }: { fault: Fault; source: string }) {
  const line = source.split('\n')[(fault.line ?? 1) - 1] ?? '';
  const at = Math.max(0, (fault.column ?? 1) - 1);
  const length = Math.max(1, fault.length);
  return (
    <code className="fault-line">
      {line.slice(0, at)}
      <mark>{line.slice(at, at + length) || ' '}</mark>
      {line.slice(at + length)}
    </code>
  );
}

export function FaultList({ faults, source }: { faults: readonly Fault[]; source?: string }) {
  const { t } = useTranslation();
  if (faults.length === 0) return null;
  const words = (fault: Fault): string =>
    t(`rules.fault.${known.has(fault.code) ? fault.code.slice(5) : 'other'}`, {
      names: fault.names?.join(', ') ?? '',
      detail: fault.detail ?? fault.code,
    });
  return (
    <div role="alert">
      <ul className="plain-list faults">
        {faults.map((fault) => (
          <li key={`${fault.index}-${fault.code}-${fault.column}`} className="field-error fault">
            <Icon name="alert" size={15} />
            <span className="stack-tight">
              <span>
                {fault.line !== null && fault.column !== null && (
                  <strong>{t('rules.place', { line: fault.line, column: fault.column })} </strong>
                )}
                {words(fault)}
              </span>
              {source !== undefined && fault.line !== null && (
                <Place fault={fault} source={source} />
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
