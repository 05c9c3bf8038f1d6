// The filter builder: rows of field, comparison and value, in groups of all, any or none.

import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { FIELDS } from '@sync/filter';
import { isBranch, lineFor, offered, type Branch, type Line, type Part } from './draft';
import { ValueField } from './ValueField';

const DEPTH_MAX = 3;

interface Pick {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** A choice whose name is spoken but not shown: the row itself reads as a sentence. */
export function Quiet({ label, value, options, onChange }: Pick) {
  return (
    <span className="select">
      <select
        className="input input-small"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
      <Icon name="down" size={14} />
    </span>
  );
}

interface LineProps {
  line: Line;
  change: (line: Line) => void;
  remove: () => void;
}

function LineRow({ line, change, remove }: LineProps) {
  const { t } = useTranslation();
  return (
    <div className="builder-line">
      <Quiet
        label={t('views.field')}
        value={line.field}
        onChange={(field) => change(lineFor(field))}
        options={Object.keys(FIELDS)
          .filter((field) => field !== 'customer' || line.field === 'customer')
          .map((value) => ({ value, label: t(`views.field.${value}`) }))}
      />
      <Quiet
        label={t('views.op')}
        value={line.op}
        onChange={(op) => change(lineFor(line.field, op))}
        options={offered(line.field).map((value) => ({ value, label: t(`views.op.${value}`) }))}
      />
      <ValueField line={line} change={(value) => change({ ...line, value })} />
      <IconButton icon="close" size={15} label={t('views.remove_line')} onClick={remove} />
    </div>
  );
}

interface GroupProps {
  group: Branch;
  change: (group: Branch) => void;
  remove?: () => void;
  depth?: number;
}

export function Builder({ group, change, remove, depth = 1 }: GroupProps) {
  const { t } = useTranslation();
  const put = (at: number, part: Part | undefined): void => {
    const parts = [...group.parts];
    if (part) parts[at] = part;
    else parts.splice(at, 1);
    change({ ...group, parts });
  };
  const add = (part: Part): void => change({ ...group, parts: [...group.parts, part] });
  return (
    <fieldset className="builder">
      <legend className="sr">{t('views.conditions')}</legend>
      <div className="row">
        <Quiet
          label={t('views.how')}
          value={group.how}
          onChange={(how) => change({ ...group, how: how as Branch['how'] })}
          options={(['all', 'any', 'none'] as const).map((value) => ({
            value,
            label: t(`views.how.${value}`),
          }))}
        />
        <span className="grow" />
        {remove && (
          <IconButton icon="close" size={15} label={t('views.remove_group')} onClick={remove} />
        )}
      </div>
      {group.parts.map((part, at) =>
        isBranch(part) ? (
          <Builder
            key={at}
            group={part}
            depth={depth + 1}
            change={(next) => put(at, next)}
            remove={() => put(at, undefined)}
          />
        ) : (
          <LineRow
            key={at}
            line={part}
            change={(next) => put(at, next)}
            remove={() => put(at, undefined)}
          />
        ),
      )}
      <div className="row">
        <Button small look="quiet" icon="plus" onClick={() => add(lineFor('priority'))}>
          {t('views.add_line')}
        </Button>
        {depth < DEPTH_MAX && (
          <Button
            small
            look="quiet"
            icon="plus"
            onClick={() => add({ how: 'any', parts: [lineFor('state')] })}
          >
            {t('views.add_group')}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
