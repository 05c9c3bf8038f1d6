// From where on figures are marked: a worth-watching and a bad value each; empty = never.

import { useTranslation } from 'react-i18next';
import type { Figure, Threshold, Thresholds } from '@api/board';
import { TextField } from '@ui/Field';

/** How a threshold is typed: whole pieces, minutes or per cent; kept in pieces, milliseconds, thousandths. */
const TYPED: readonly (readonly [Figure, number])[] = [
  ['waiting', 1],
  ['longest', 60_000],
  ['breached', 1],
  ['service_level', 10],
  ['abandon_pct', 10],
  ['ready', 1],
];

interface RowProps {
  name: Figure;
  unit: number;
  limit: Threshold | undefined;
  onChange: (name: Figure, limit: Threshold | undefined) => void;
}

function Row({ name, unit, limit, onChange }: RowProps) {
  const { t } = useTranslation();
  const typed = (value: number | undefined): string =>
    value === undefined ? '' : String(value / unit);
  const put = (part: 'warn' | 'bad', text: string): void => {
    const number = Number(text.replace(',', '.'));
    if (text.trim() === '') return onChange(name, undefined);
    if (!Number.isFinite(number) || number < 0) return;
    const value = Math.round(number * unit);
    onChange(name, { warn: value, bad: value, ...limit, [part]: value });
  };
  const of = unit === 60_000 ? 'minutes' : unit === 10 ? 'percent' : 'pieces';
  return (
    <div className="board-threshold" role="group" aria-label={t(`board.figure.${name}`)}>
      <span className="board-threshold-name">
        {t(`board.figure.${name}`)} <span className="soft tiny">{t(`board.unit.${of}`)}</span>
      </span>
      {(['warn', 'bad'] as const).map((part) => (
        <TextField
          key={part}
          label={t(`board.mark.${part}`)}
          inputMode="decimal"
          value={typed(limit?.[part])}
          onChange={(event) => put(part, event.target.value)}
        />
      ))}
    </div>
  );
}

interface ThresholdFieldsProps {
  thresholds: Thresholds;
  onChange: (name: Figure, limit: Threshold | undefined) => void;
}

export function ThresholdFields({ thresholds, onChange }: ThresholdFieldsProps) {
  const { t } = useTranslation();
  return (
    <details className="board-choices">
      <summary>
        {t('board.thresholds')} <span className="soft tiny">{t('board.thresholds_hint')}</span>
      </summary>
      {TYPED.map(([name, unit]) => (
        <Row key={name} name={name} unit={unit} limit={thresholds[name]} onChange={onChange} />
      ))}
    </details>
  );
}
