// What a Case is about: a heading that becomes a field when it is to be changed.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { IconButton } from '@ui/Button';
import { useMoves } from './useMoves';

export function Subject({ found, may }: { found: Case; may: boolean }) {
  const { t } = useTranslation();
  const moves = useMoves(found);
  const [text, setText] = useState<string>();
  const keep = async (): Promise<void> => {
    const title = (text ?? '').split(/\s+/).filter(Boolean).join(' ');
    if (title && title !== found.title && !(await moves.change({ title }))) return;
    setText(undefined);
  };
  if (text === undefined) {
    return (
      <div className="row grow case-subject">
        <h1 className="case-title">{found.title || t('case.untitled')}</h1>
        {may && (
          <IconButton
            icon="edit"
            size={15}
            className="case-edit"
            label={t('case.edit_subject')}
            onClick={() => setText(found.title)}
          />
        )}
      </div>
    );
  }
  return (
    <input
      autoFocus
      className="input grow"
      aria-label={t('case.subject')}
      value={text}
      maxLength={160}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => void keep()}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          setText(undefined);
        } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) void keep();
      }}
    />
  );
}
