// Attachments of a message: name, kind and size; the link is signed when somebody asks for it.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, MessageFile } from '@api/types';
import { size } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';

function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.rel = 'noopener';
  document.body.append(link);
  link.click();
  link.remove();
}

function FileCard({ message, file }: { message: Message; file: MessageFile }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const workspace = useWorkspace();
  const { busy, run } = useAct();
  return (
    <button
      type="button"
      className="file-card"
      disabled={busy}
      aria-label={t('file.download', { name: file.name })}
      onClick={() =>
        void run(async () => save(await workspace.link(message, 'file', file.id), file.name))
      }
    >
      <Icon name={file.media_type.startsWith('image/') ? 'image' : 'file'} size={18} />
      <span className="grow">
        <span className="cut file-name">{file.name}</span>
        <span className="tiny soft">{size(language, file.size)}</span>
      </span>
    </button>
  );
}

export function Files({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const files = message.files.filter((file) => !file.inline);
  if (files.length === 0) return null;
  const shown = all ? files : files.slice(0, 6);
  return (
    <div className="files">
      {shown.map((file) => (
        <FileCard key={file.id} message={message} file={file} />
      ))}
      {files.length > shown.length && (
        <button type="button" className="link-button tiny" onClick={() => setAll(true)}>
          {t('file.more', { count: files.length - shown.length })}
        </button>
      )}
    </div>
  );
}
