// What work needs: a row for each skill with level and strictness, and what does as well when it is late.

import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Select } from '@ui/Field';
import { useNames, useSetup } from '@agent/data/hooks';
import type { Need } from './ruleModel';

const KINDS = ['required', 'desired', 'legal'];

interface NeedsProps {
  needs: Need[];
  onChange: (needs: Need[]) => void;
  /** Whether it may be said what does as well, once it gets late. */
  late?: boolean;
}

export function Needs({ needs, onChange, late = false }: NeedsProps) {
  const { t } = useTranslation();
  const { skills } = useSetup();
  const names = useNames();
  const put = (at: number, change: Partial<Need>): void =>
    onChange(needs.map((one, n) => (n === at ? { ...one, ...change } : one)));
  if (skills.length === 0) return <p className="soft small">{t('rules.no_skills')}</p>;
  return (
    <>
      <ul className="plain-list stack">
        {needs.map((need, at) => (
          <li key={need.skill} className="clause">
            <Select
              label={t('word.skill')}
              value={need.skill}
              options={skills.map((one) => ({ value: one.key, label: names.skill(one.key) }))}
              onChange={(skill) => put(at, { skill })}
            />
            <Select
              label={t('rules.level')}
              value={String(need.min_level)}
              options={['1', '2', '3', '4', '5'].map((value) => ({ value, label: value }))}
              onChange={(value) => put(at, { min_level: Number(value) })}
            />
            <Select
              label={t('rules.strict')}
              value={need.kind}
              options={KINDS.map((value) => ({ value, label: t(`rules.strict.${value}`) }))}
              onChange={(kind) => put(at, { kind })}
            />
            {late && (
              <Select
                label={t('queue.instead')}
                value={need.substitutes?.[0]?.skill ?? ''}
                options={[
                  { value: '', label: t('queue.instead_none') },
                  ...skills
                    .filter((one) => one.key !== need.skill)
                    .map((one) => ({ value: one.key, label: names.skill(one.key) })),
                ]}
                onChange={(skill) =>
                  put(at, {
                    substitutes: skill ? [{ skill, min_level: need.min_level }] : [],
                  })
                }
                disabled={need.kind === 'legal'}
              />
            )}
            <IconButton
              icon="trash"
              label={t('rules.need_remove', { name: names.skill(need.skill) })}
              onClick={() => onChange(needs.filter((_, n) => n !== at))}
            />
          </li>
        ))}
      </ul>
      <div className="row">
        <Button
          small
          icon="plus"
          onClick={() => {
            const free = skills.find((one) => !needs.some((need) => need.skill === one.key));
            if (free) onChange([...needs, { skill: free.key, min_level: 3, kind: 'required' }]);
          }}
        >
          {t('rules.need_add')}
        </Button>
      </div>
    </>
  );
}
