// The head of the composer: reply or note by word, icon and colour, and by which way it goes out.

import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import { Icon } from '@ui/Icon';
import { Tabs } from '@ui/Small';
import type { Doors } from './door';
import { Guard } from './Guard';

export type Mode = 'reply' | 'note';

interface HeadProps {
  answer: CaseAnswer;
  doors: Doors;
  mode: Mode;
  setMode: (mode: Mode) => void;
}

export function Head({ answer, doors, mode, setMode }: HeadProps) {
  const { t } = useTranslation();
  const note = mode === 'note';
  return (
    <div className="row composer-head">
      <Tabs
        label={t('composer.modes')}
        value={mode}
        onChange={(next) => setMode(next === 'note' ? 'note' : 'reply')}
        tabs={[
          { id: 'reply', label: t('composer.reply'), icon: 'send' },
          { id: 'note', label: t('composer.note'), icon: 'lock' },
        ]}
      />
      <span className="grow" />
      {note ? (
        <p className="guard guard-note">
          <Icon name="lock" size={14} /> {t('composer.note_hint')}
        </p>
      ) : (
        <Guard answer={answer} doors={doors} />
      )}
    </div>
  );
}
