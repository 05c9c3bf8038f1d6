// Choosing a macro: find it by its words, walk by the arrow keys, see what it would do.

import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Macro } from '@api/types';
import { Async } from '@ui/Async';
import { TextField } from '@ui/Field';
import { asError } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { MacroSteps } from './MacroSteps';
import { sought } from './sought';
import './macro.css';

const MOST = 50;

export interface Choice {
  found: readonly Macro[];
  chosen: Macro | undefined;
  loading: boolean;
  error: ReturnType<typeof asError>;
  retry: () => void;
  words: string;
  seek: (words: string) => void;
  choose: (index: number) => void;
}

/** Which macro is chosen: the first that fits the words until another one is. */
export function useMacroChoice(): Choice {
  const { client } = useWorkspace();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const query = useQuery({
    queryKey: ['macros'],
    queryFn: async () => (await client.get<{ items: Macro[] }>('/v1/macros')).items,
  });
  const names = (one: Macro): readonly string[] => [one.name, ...one.name.split(' ')];
  const found = sought(query.data ?? [], words, names, MOST);
  return {
    found,
    chosen: found[at] ?? found[0],
    loading: query.isLoading,
    error: asError(query.error),
    retry: () => void query.refetch(),
    words,
    seek: (wanted) => {
      setWords(wanted);
      setAt(0);
    },
    choose: setAt,
  };
}

interface MacroChoiceProps {
  choice: Choice;
  /** Enter in the field. */
  onEnter: () => void;
  /** What the variables say and which language is spoken; for many Cases neither is known. */
  values?: Readonly<Record<string, string>>;
  language?: string | null;
}

export function MacroChoice({ choice, onEnter, values, language }: MacroChoiceProps) {
  const { t } = useTranslation();
  const { queues, colleagues } = useSetup();
  const { found, chosen } = choice;
  const key = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && chosen) {
      event.preventDefault();
      choice.choose((found.indexOf(chosen) + step + found.length) % found.length);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing && chosen) {
      event.preventDefault();
      onEnter();
    }
  };
  return (
    <>
      <TextField
        label={t('macro.find')}
        value={choice.words}
        data-first
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="macro-list"
        aria-activedescendant={chosen ? `macro-${chosen.id}` : undefined}
        autoComplete="off"
        onChange={(event) => choice.seek(event.target.value)}
        onKeyDown={key}
      />
      <Async
        loading={choice.loading}
        error={choice.error}
        retry={choice.retry}
        empty={found.length === 0}
        nothing={{ title: t('macro.none') }}
      >
        <ul id="macro-list" role="listbox" aria-label={t('macro.run_title')} className="macro-list">
          {found.map((one, index) => (
            <li
              key={one.id}
              id={`macro-${one.id}`}
              role="option"
              aria-selected={one === chosen}
              className="option"
              onClick={() => choice.choose(index)}
            >
              <span className="cut grow">{one.name}</span>
              <span className="tiny soft">{t(`snippet.scope.${one.scope}`)}</span>
            </li>
          ))}
        </ul>
        {chosen && (
          <MacroSteps
            steps={chosen.steps}
            values={values ?? {}}
            language={language ?? null}
            queues={queues}
            people={colleagues}
          />
        )}
      </Async>
    </>
  );
}
