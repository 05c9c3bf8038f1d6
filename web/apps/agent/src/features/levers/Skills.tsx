// Skills that are lent with people: a level for each, as long as the loan lasts.

import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Select } from '@ui/Field';
import { useNames, useSetup } from '@agent/data/hooks';
import type { Draft } from './model';

const LEVELS = [1, 2, 3, 4, 5];
const MOST = 10;

interface SkillsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** What the law asks for cannot be lent. */
export function Skills({ draft, onChange }: SkillsProps) {
  const { t } = useTranslation();
  const { skills } = useSetup();
  const names = useNames();
  const lent = Object.entries(draft.skills);
  const set = (next: Record<string, number>): void => onChange({ ...draft, skills: next });
  const left = skills.filter((one) => one.kind !== 'legal' && draft.skills[one.key] === undefined);
  return (
    <fieldset className="lever-people">
      <legend>{t('lever.skills')}</legend>
      <p className="tiny soft">{t('lever.skills_hint')}</p>
      {lent.map(([key, level]) => (
        <div key={key} className="lever-skill">
          <Select
            label={names.skill(key)}
            value={String(level)}
            onChange={(chosen) => set({ ...draft.skills, [key]: Number(chosen) })}
            options={LEVELS.map((one) => ({
              value: String(one),
              label: t('lever.level', { n: one }),
            }))}
          />
          <Button
            look="quiet"
            onClick={() => set(Object.fromEntries(lent.filter(([one]) => one !== key)))}
          >
            <Icon name="close" />
            <span className="sr">{t('lever.skill_remove', { name: names.skill(key) })}</span>
          </Button>
        </div>
      ))}
      {left.length > 0 && lent.length < MOST && (
        <Select
          label={t('lever.skill_add')}
          value=""
          onChange={(key) => key && set({ ...draft.skills, [key]: 3 })}
          options={[
            { value: '', label: t('lever.choose') },
            ...left.map((one) => ({ value: one.key, label: names.skill(one.key) })),
          ]}
        />
      )}
    </fieldset>
  );
}
