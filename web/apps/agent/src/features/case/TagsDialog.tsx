// The tags of a Case: what hangs on it, what others use, a new word.

import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useWorkspace } from '@agent/data/hooks';
import { tagColour } from '@agent/parts/tag';
import { useMoves } from './useMoves';

interface Used {
  items: { name: string; colour: string; uses: number }[];
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export function TagsDialog({ found, onClose }: { found: Case; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const moves = useMoves(found);
  const [tags, setTags] = useState(found.tags);
  const [text, setText] = useState('');
  const word = text.split(/\s+/).filter(Boolean).join(' ');
  const used = useQuery({
    queryKey: ['tags', word],
    queryFn: () => client.get<Used>('/v1/tags', { query: { q: word } }),
    placeholderData: (before) => before,
  });
  const others = (used.data?.items ?? [])
    .map((one) => one.name)
    .filter((name) => !tags.some((tag) => same(tag, name)))
    .slice(0, 12);
  const add = (name: string): void => {
    if (name && !tags.some((tag) => same(tag, name))) setTags([...tags, name]);
    setText('');
  };
  const keep = async (): Promise<void> => {
    const all = word && !tags.some((tag) => same(tag, word)) ? [...tags, word] : tags;
    if (await moves.change({ tags: all })) onClose();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (word) add(word);
    else void keep();
  };
  return (
    <Dialog
      title={t('tags.title')}
      onClose={onClose}
      actions={
        <Confirm onClose={onClose} icon="check" busy={moves.busy} onClick={() => void keep()}>
          {t('ui.save')}
        </Confirm>
      }
    >
      <div className="row wrap">
        {tags.length === 0 && <p className="soft small">{t('tags.none')}</p>}
        {tags.map((tag) => (
          <button
            key={tag}
            type="button"
            className={`tag tag-${tagColour(tag)}`}
            aria-label={t('tags.remove', { tag })}
            onClick={() => setTags(tags.filter((one) => one !== tag))}
          >
            {tag} <Icon name="close" size={12} />
          </button>
        ))}
      </div>
      <TextField
        data-first
        label={t('tags.add')}
        hint={t('tags.hint')}
        value={text}
        maxLength={50}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
      />
      <div className="row wrap" role="group" aria-label={t('tags.used')}>
        {others.map((name) => (
          <button
            key={name}
            type="button"
            className={`tag tag-${tagColour(name)}`}
            onClick={() => add(name)}
          >
            <Icon name="plus" size={12} /> {name}
          </button>
        ))}
      </div>
    </Dialog>
  );
}
