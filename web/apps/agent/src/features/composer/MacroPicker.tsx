// The macro picker: find one, see its steps, run them all at once on this Case.

import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer, Message, WorkItem } from '@api/types';
import { uuid7 } from '@sync/uuid7';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { MacroChoice, useMacroChoice } from '@agent/parts/MacroChoice';

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
  const { busy, run } = useAct();
  const choice = useMacroChoice();
  const { chosen } = choice;
  const go = async (): Promise<void> => {
    if (!chosen || busy) return;
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
  return (
    <Dialog
      title={t('macro.run_title')}
      onClose={onClose}
      actions={
        <Confirm onClose={onClose} disabled={!chosen} busy={busy} onClick={() => void go()}>
          {t('macro.run')}
        </Confirm>
      }
    >
      <MacroChoice
        choice={choice}
        onEnter={() => void go()}
        values={answer.variables}
        language={answer.case.language}
      />
    </Dialog>
  );
}
