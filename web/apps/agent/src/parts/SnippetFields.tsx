// How a snippet is called: by typing a short word after a slash, and by a name in lists.

import { useTranslation } from 'react-i18next';
import { TextField } from '@ui/Field';

export interface Called {
  shortcut: string;
  name: string;
}

export const isCalled = ({ shortcut, name }: Called): boolean =>
  shortcut !== '' && name.trim() !== '';

interface SnippetFieldsProps {
  called: Called;
  onChange: (called: Called) => void;
}

export function SnippetFields({ called, onChange }: SnippetFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        label={t('snippet.shortcut')}
        hint={t('snippet.shortcut_hint')}
        value={called.shortcut}
        maxLength={40}
        onChange={(event) =>
          onChange({ ...called, shortcut: event.target.value.replace(/[\s/]/g, '') })
        }
      />
      <TextField
        label={t('snippet.name')}
        value={called.name}
        maxLength={200}
        onChange={(event) => onChange({ ...called, name: event.target.value })}
      />
    </>
  );
}
