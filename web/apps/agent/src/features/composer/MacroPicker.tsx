// The macro picker: find one, see its steps, run them all at once on this Case.

import { useTranslation } from 'react-i18next';
import type { CaseAnswer, Macro } from '@api/types';
import { uuid7 } from '@sync/uuid7';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { toasts } from '@ui/Toasts';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { MacroChoice, useMacroChoice } from '@agent/parts/MacroChoice';
import { wayBack, type Ran, type WayBack } from './macroBack';

interface MacroPickerProps {
  answer: CaseAnswer;
  seen: number;
  onClose: () => void;
}

export function MacroPicker({ answer, seen, onClose }: MacroPickerProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const { busy, run } = useAct();
  const choice = useMacroChoice();
  const { chosen } = choice;
  const go = async (): Promise<void> => {
    if (!chosen || busy) return;
    const { client, store, me } = workspace;
    const before = { case: answer.case, work_items: store.all('work_item') };
    let ran: Ran | undefined;
    await run(async () => {
      ran = await client.post<Ran>(`/v1/cases/${answer.case.id}/macros/${chosen.id}`, {
        body: { expected_last_item: seen },
        headers: { 'Idempotency-Key': uuid7() },
      });
      store.put('case', ran.case);
      store.putAll('work_item', ran.work_items);
      workspace.takeMessages(ran.messages);
    });
    if (!ran) return;
    tell(chosen, wayBack(before, ran, chosen.steps, me.id), ran);
    onClose();
  };
  /** Says that it ran, and takes it back as far as that can be done. */
  const tell = ({ name }: Macro, { back, words }: WayBack, ran: Ran): void => {
    const { client, store, undos } = workspace;
    if (!back) toasts.show({ text: t(words, { name }) });
    else
      undos.offer(t(words, { name }), async () => {
        const now = await back(client, store.get('case', ran.case.id) ?? ran.case);
        if (now) store.put('case', now);
      });
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
