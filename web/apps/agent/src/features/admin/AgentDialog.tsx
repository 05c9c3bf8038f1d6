// What an agent takes: channels, how much at once, and what he knows how well.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Check, Select, TextField } from '@ui/Field';
import { asError } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { CHANNELS } from '@agent/parts/channels';
import { EditDialog } from './EditDialog';
import { seen } from './list';

interface AgentRow {
  id: string;
  version?: number;
  channels: string[];
  cap_max: number;
  skills: { skill_id: string; level: number }[];
}

const LEVELS = [0, 1, 2, 3, 4, 5];

export function AgentDialog({
  person,
  onClose,
}: {
  person: { id: string; name: string };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { skills } = useSetup();
  const { client } = useWorkspace();
  const [agent, setAgent] = useState<AgentRow>();
  const query = useQuery({
    queryKey: ['admin', 'agent', person.id],
    queryFn: () => client.get<AgentRow>(`/v1/agents/${person.id}`),
  });
  useEffect(() => {
    if (query.data) setAgent(query.data);
  }, [query.data]);
  const level = (id: string): number =>
    agent?.skills.find((one) => one.skill_id === id)?.level ?? 0;
  const setLevel = (id: string, value: number): void => {
    if (!agent) return;
    const rest = agent.skills.filter((one) => one.skill_id !== id);
    setAgent({ ...agent, skills: value > 0 ? [...rest, { skill_id: id, level: value }] : rest });
  };
  const save = async (): Promise<unknown> => {
    if (!agent) return undefined;
    const body = {
      channels: agent.channels,
      cap_max: agent.cap_max,
      skills: agent.skills.map(({ skill_id, level: value }) => ({ skill_id, level: value })),
    };
    return client.patch(`/v1/agents/${person.id}`, { body, headers: seen(agent) });
  };
  return (
    <EditDialog
      title={t('agent.title', { name: person.name })}
      ready={agent !== undefined}
      save={save}
      onClose={onClose}
    >
      <Async
        loading={query.isLoading || !agent}
        error={asError(query.error)}
        retry={() => void query.refetch()}
      >
        {agent && (
          <>
            <fieldset className="checks">
              <legend>{t('agent.channels')}</legend>
              {CHANNELS.map((kind) => (
                <Check
                  key={kind}
                  label={t(`channel.${kind}`)}
                  checked={agent.channels.includes(kind)}
                  onChange={(on) =>
                    setAgent({
                      ...agent,
                      channels: on
                        ? [...agent.channels, kind]
                        : agent.channels.filter((one) => one !== kind),
                    })
                  }
                />
              ))}
            </fieldset>
            <TextField
              label={t('agent.capacity')}
              hint={t('agent.capacity_hint')}
              type="number"
              min={0}
              max={300}
              value={agent.cap_max}
              onChange={(event) => setAgent({ ...agent, cap_max: Number(event.target.value) })}
            />
            <div className="skill-grid">
              {skills.map((skill) => (
                <Select
                  key={skill.id}
                  label={skill.name[language] ?? skill.key}
                  value={String(level(skill.id))}
                  onChange={(value) => setLevel(skill.id, Number(value))}
                  options={LEVELS.map((value) => ({
                    value: String(value),
                    label: value === 0 ? t('agent.no_skill') : t('agent.level', { level: value }),
                  }))}
                />
              ))}
            </div>
          </>
        )}
      </Async>
    </EditDialog>
  );
}
