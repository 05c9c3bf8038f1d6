// The list of the palette: options in groups, each with icon, words and keys.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import type { Choice } from './entries';

interface OptionsProps {
  choices: readonly Choice[];
  active: string | undefined;
  onChoose: (choice: Choice) => void;
}

/** Neighbours of one kind stand together under one heading. */
function grouped(choices: readonly Choice[]): [string, Choice[]][] {
  const groups: [string, Choice[]][] = [];
  for (const one of choices) {
    const last = groups.at(-1);
    if (last?.[0] === one.kind) last[1].push(one);
    else groups.push([one.kind, [one]]);
  }
  return groups;
}

export function Options({ choices, active, onChoose }: OptionsProps) {
  const { t } = useTranslation();
  return (
    <div
      id="palette-list"
      className="palette-list scroll"
      role="listbox"
      aria-label={t('search.results')}
    >
      {grouped(choices).map(([kind, entries], at) => (
        <div key={`${kind} ${at}`} role="group" aria-label={t(`palette.kind.${kind}`)}>
          <p className="palette-kind" aria-hidden="true">
            {t(`palette.kind.${kind}`)}
          </p>
          {entries.map((one) => (
            <div
              key={one.id}
              id={`choice-${one.id}`}
              role="option"
              aria-selected={one.id === active}
              className="palette-option"
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onChoose(one)}
            >
              <Icon name={one.icon} size={16} />
              <span className="palette-name cut">{one.name}</span>
              {one.hint && <span className="tiny soft cut palette-hint">{one.hint}</span>}
              <span className="grow" />
              {one.keys && <kbd>{one.keys}</kbd>}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
