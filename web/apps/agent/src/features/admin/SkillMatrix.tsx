// Who knows what how well: people by skills; a click raises a level, digits set it, arrows walk.

import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Skill } from '@api/types';
import { Async } from '@ui/Async';
import { Select } from '@ui/Field';
import { Face } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { found } from './sorting';
import { SaveBar } from './SaveBar';
import { Find, Named } from './Table';
import { useRowsOf, useSave } from './list';
import { useGrid } from './useGrid';
import './matrix.css';

interface AgentRow {
  id: string;
  name: string;
  skills: readonly { skill_id: string; level: number }[];
}

/** Levels that differ from what is kept, by agent and skill. */
type Drafts = Record<string, Record<string, number>>;

const TOP = 5;

const keptLevel = (agent: AgentRow, skill: string): number =>
  agent.skills.find((one) => one.skill_id === skill)?.level ?? 0;

/** The level a key asks for; undefined when it asks for none. */
function levelOf(key: string, now: number): number | undefined {
  if (/^[0-5]$/.test(key)) return Number(key);
  if (key === '+' || key === '=') return Math.min(now + 1, TOP);
  if (key === '-') return Math.max(now - 1, 0);
  return key === 'Delete' || key === 'Backspace' ? 0 : undefined;
}

interface GridProps {
  agents: readonly AgentRow[];
  skills: readonly Skill[];
  chosen: string;
  level: (agent: AgentRow, skill: string) => number;
  set: (agent: AgentRow, skill: string, level: number) => void;
}

function Grid({ agents, skills, chosen, level, set }: GridProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const cell = useGrid(agents.length, skills.length);
  const named = (skill: Skill): string => skill.name[language] || skill.key;
  const narrow = (skill: Skill): string => (skill.id === chosen ? '' : 'only-wide');
  return (
    <table className="table matrix" role="grid" aria-label={t('skill.matrix')}>
      <thead>
        <tr>
          <th scope="col">{t('profile.name')}</th>
          {skills.map((skill) => (
            <th key={skill.id} scope="col" className={narrow(skill)}>
              <span className="matrix-head">
                <span className="matrix-name">{named(skill)}</span>
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {agents.map((agent, row) => (
          <tr key={agent.id}>
            <th scope="row">
              <Named mark={<Face name={agent.name} size="small" />} name={agent.name} />
            </th>
            {skills.map((skill, column) => {
              const now = level(agent, skill.id);
              const byKey = (event: KeyboardEvent): void => {
                const wanted = levelOf(event.key, now);
                if (wanted === undefined || event.ctrlKey || event.metaKey) return;
                event.preventDefault();
                set(agent, skill.id, wanted);
              };
              return (
                <td key={skill.id} className={narrow(skill)}>
                  <button
                    type="button"
                    className="level"
                    {...cell(row, column, byKey)}
                    data-level={now}
                    data-changed={now !== keptLevel(agent, skill.id) || undefined}
                    aria-label={`${agent.name}, ${named(skill)}: ${
                      now ? t('agent.level', { level: now }) : t('agent.no_skill')
                    }`}
                    onClick={(event) => {
                      const step = event.shiftKey ? TOP : 1;
                      set(agent, skill.id, (now + step) % (TOP + 1));
                    }}
                  >
                    {now || '·'}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function SkillMatrix({ skills }: { skills: readonly Skill[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useRowsOf<AgentRow>('/v1/agents');
  const [drafts, setDrafts] = useState<Drafts>({});
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState(skills[0]?.id ?? '');
  const saving = useSave();
  const level = (agent: AgentRow, skill: string): number =>
    drafts[agent.id]?.[skill] ?? keptLevel(agent, skill);
  const set = (agent: AgentRow, skill: string, value: number): void =>
    setDrafts((was) => {
      const { [skill]: _, ...rest } = was[agent.id] ?? {};
      const mine = value === keptLevel(agent, skill) ? rest : { ...rest, [skill]: value };
      const { [agent.id]: __, ...others } = was;
      return Object.keys(mine).length > 0 ? { ...others, [agent.id]: mine } : others;
    });
  const changes = Object.values(drafts).reduce((sum, one) => sum + Object.keys(one).length, 0);
  const save = async (): Promise<void> => {
    const done = await saving.save(async () => {
      for (const agent of list.rows.filter((one) => drafts[one.id])) {
        const ids = new Set([
          ...agent.skills.map((one) => one.skill_id),
          ...Object.keys(drafts[agent.id] ?? {}),
        ]);
        const now = [...ids].map((skill_id) => ({ skill_id, level: level(agent, skill_id) }));
        await saving.client.patch(`/v1/agents/${agent.id}`, {
          body: { skills: now.filter((one) => one.level > 0) },
        });
      }
    });
    if (done) setDrafts({});
  };
  const shown = found(list.rows, words, [(agent) => agent.name]);
  return (
    <section aria-label={t('skill.matrix')} className="card admin-card">
      <header className="admin-pad matrix-title">
        <h2>{t('skill.matrix')}</h2>
        <p className="small soft">{t('skill.matrix_hint')}</p>
      </header>
      <Async
        loading={list.loading}
        error={list.error}
        retry={list.retry}
        empty={list.rows.length === 0 || skills.length === 0}
        nothing={{ title: t('skill.matrix_none'), icon: 'skill' }}
      >
        {list.rows.length > 6 && (
          <Find text={words} onChange={setWords} shown={shown.length} all={list.rows.length} />
        )}
        <div className="matrix-pick admin-pad">
          <Select
            label={t('word.skill')}
            value={chosen}
            onChange={setChosen}
            options={skills.map((one) => ({
              value: one.id,
              label: one.name[language] || one.key,
            }))}
          />
        </div>
        <div className="matrix-scroll scroll">
          <Grid agents={shown} skills={skills} chosen={chosen} level={level} set={set} />
        </div>
        <SaveBar
          count={changes}
          busy={saving.busy}
          onSave={() => void save()}
          onDiscard={() => setDrafts({})}
        />
      </Async>
    </section>
  );
}
