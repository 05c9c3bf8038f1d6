// "Save as snippet": what stands in the composer becomes a snippet of one's own.

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { TextArea } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { isCalled, SnippetFields } from '@agent/parts/SnippetFields';

interface SaveSnippetProps {
  text: string;
  language: string;
  onClose: () => void;
}

export function SaveSnippet({ text, language, onClose }: SaveSnippetProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const [called, setCalled] = useState({ shortcut: '', name: '' });
  const [body, setBody] = useState(text);
  const ready = isCalled(called) && body.trim() !== '';
  const save = async (): Promise<void> => {
    const { shortcut, name } = called;
    const wish = { shortcut, name: name.trim(), bodies: { [language]: body } };
    const done = await run(() => client.post('/v1/snippets', { body: wish }), t('snippet.saved'));
    if (!done) return;
    await queries.invalidateQueries({ queryKey: ['snippets'] });
    onClose();
  };
  return (
    <Dialog
      title={t('snippet.save_as')}
      onClose={onClose}
      actions={
        <Confirm onClose={onClose} disabled={!ready} busy={busy} onClick={() => void save()}>
          {t('ui.save')}
        </Confirm>
      }
    >
      <SnippetFields called={called} onChange={setCalled} />
      <TextArea
        label={t('snippet.text')}
        hint={t('snippet.text_hint')}
        rows={6}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
    </Dialog>
  );
}
