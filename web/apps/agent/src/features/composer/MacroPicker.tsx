// The macro picker: find one, see its steps, run them all at once on this Case.

import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer, Macro, Message, WorkItem } from '@api/types';
import { uuid7 } from '@sync/uuid7';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { asError, useAct } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { MacroSteps } from '@agent/parts/MacroSteps';
import { sought } from './triggers';

interface MacroPickerProps {
  answer: CaseAnswer;
  seen: number;
  onClose: () => void;
}

interface Ran {
  case: Case;
  messages: Message[];
  work_items: WorkItem[];
}

export function MacroPicker({ answer, seen, onClose }: MacroPickerProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const { queues, colleagues } = useSetup();
  const { busy, run } = useAct();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const query = useQuery({
    queryKey: ['macros'],
    queryFn: async () => (await workspace.client.get<{ items: Macro[] }>('/v1/macros')).items,
  });
  const found = sought(query.data ?? [], words, (one) => [one.name, ...one.name.split(' ')], 50);
  const chosen = found[at] ?? found[0];
  const go = async (): Promise<void> => {
    if (!chosen) return;
    const done = await run(
      async () => {
        const ran = await workspace.client.post<Ran>(
          `/v1/cases/${answer.case.id}/macros/${chosen.id}`,
          { body: { expected_last_item: seen }, headers: { 'Idempotency-Key': uuid7() } },
        );
        workspace.store.put('case', ran.case);
        workspace.store.putAll('work_item', ran.work_items);
        workspace.takeMessages(ran.messages);
      },
      t('macro.ran', { name: chosen.name }),
    );
    if (done) onClose();
  };
  const key = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing && chosen && !busy) {
      event.preventDefault();
      void go();
    }
  };
  return (
    <Dialog
      title={t('macro.run_title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" disabled={!chosen} busy={busy} onClick={() => void go()}>
            {t('macro.run')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('macro.find')}
        value={words}
        autoFocus
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="macro-list"
        aria-activedescendant={chosen ? `macro-${chosen.id}` : undefined}
        autoComplete="off"
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
        }}
        onKeyDown={key}
      />
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
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
              className="suggest-item"
              onClick={() => setAt(index)}
            >
              <span className="cut grow">{one.name}</span>
              <span className="tiny soft">{t(`snippet.scope.${one.scope}`)}</span>
            </li>
          ))}
        </ul>
        {chosen && (
          <MacroSteps
            steps={chosen.steps}
            values={answer.variables ?? {}}
            language={answer.case.language}
            queues={queues}
            people={colleagues}
          />
        )}
      </Async>
    </Dialog>
  );
}
