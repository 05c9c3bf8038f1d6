// "Save as snippet": what stands in the composer becomes a snippet of one's own.

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextArea, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

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
  const [shortcut, setShortcut] = useState('');
  const [name, setName] = useState('');
  const [body, setBody] = useState(text);
  const ready = /^[^\s/]{1,40}$/.test(shortcut) && name.trim() !== '' && body.trim() !== '';
  const save = async (): Promise<void> => {
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
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" disabled={!ready} busy={busy} onClick={() => void save()}>
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('snippet.shortcut')}
        hint={t('snippet.shortcut_hint')}
        value={shortcut}
        maxLength={40}
        onChange={(event) => setShortcut(event.target.value.replace(/[\s/]/g, ''))}
      />
      <TextField
        label={t('snippet.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
      />
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
