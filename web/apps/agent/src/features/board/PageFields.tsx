// One page of a board as it is set up: what kind it is, its title, which figures and Queues.

import { useTranslation } from 'react-i18next';
import { FIGURES, type BoardPage } from '@api/board';
import { IconButton } from '@ui/Button';
import { Check, Select, TextField } from '@ui/Field';
import type { Named } from './Page';

const KINDS = ['figures', 'queues', 'plots'] as const;
const FIGURES_MOST = 12;

interface ChoicesProps {
  legend: string;
  hint: string;
  options: readonly Named[];
  chosen: readonly string[];
  most: number;
  onChange: (chosen: string[]) => void;
}

function Choices({ legend, hint, options, chosen, most, onChange }: ChoicesProps) {
  return (
    <details className="board-choices">
      <summary>
        {legend} <span className="soft tiny">{hint}</span>
      </summary>
      <div className="board-checks">
        {options.map((one) => {
          const on = chosen.includes(one.id);
          return (
            <Check
              key={one.id}
              label={one.name}
              checked={on}
              disabled={!on && chosen.length >= most}
              onChange={() =>
                onChange(on ? chosen.filter((id) => id !== one.id) : [...chosen, one.id])
              }
            />
          );
        })}
      </div>
    </details>
  );
}

interface PageFieldsProps {
  page: BoardPage;
  number: number;
  queues: readonly Named[];
  onChange: (page: BoardPage) => void;
  onRemove: (() => void) | undefined;
}

export function PageFields({ page, number, queues, onChange, onRemove }: PageFieldsProps) {
  const { t } = useTranslation();
  const few = t('board.chosen', { n: page.queues.length });
  return (
    <fieldset className="board-page-fields">
      <legend className="row">
        <span className="grow">{t('board.page_number', { n: number })}</span>
        {onRemove && (
          <IconButton
            icon="trash"
            label={t('board.page_remove', { n: number })}
            onClick={onRemove}
          />
        )}
      </legend>
      <div className="board-pair">
        <Select
          label={t('board.kind')}
          value={page.kind}
          onChange={(kind) => {
            const known = KINDS.find((one) => one === kind);
            if (known) onChange({ ...page, kind: known });
          }}
          options={KINDS.map((kind) => ({ value: kind, label: t(`board.page.${kind}`) }))}
        />
        <TextField
          label={t('board.page_title')}
          value={page.title}
          maxLength={80}
          placeholder={t(`board.page.${page.kind}`)}
          onChange={(event) => onChange({ ...page, title: event.target.value })}
        />
      </div>
      {page.kind === 'figures' && (
        <Choices
          legend={t('board.figures')}
          hint={
            page.figures.length > 0
              ? t('board.chosen', { n: page.figures.length })
              : t('board.usual')
          }
          options={FIGURES.map((id) => ({ id, name: t(`board.figure.${id}`) }))}
          chosen={page.figures}
          most={FIGURES_MOST}
          onChange={(ids) =>
            onChange({ ...page, figures: FIGURES.filter((one) => ids.includes(one)) })
          }
        />
      )}
      {page.kind !== 'plots' && (
        <Choices
          legend={t('board.queues')}
          hint={page.queues.length > 0 ? few : t('board.all_queues')}
          options={queues}
          chosen={page.queues}
          most={60}
          onChange={(ids) => onChange({ ...page, queues: ids })}
        />
      )}
    </fieldset>
  );
}
