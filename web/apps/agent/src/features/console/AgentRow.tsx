// One agent: what he does and since when, how full his hands are, what is in them, and what can be done.

import { useTranslation } from 'react-i18next';
import type { ConsoleAgent, Held } from '@api/console';
import { clockTime, span } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { Chip } from '@ui/Small';
import { useLanguage, useNames, useSetup } from '@agent/data/hooks';
import { CHANNELS } from '@agent/parts/channels';
import { ChannelMark } from '@agent/parts/Marks';
import { useStatuses } from '@agent/parts/statuses';

/** Another status; or something with one piece of his work. */
export type Wish =
  | { what: 'status'; agent: ConsoleAgent }
  | {
      what: 'open' | 'listen' | 'whisper' | 'take_over' | 'return' | 'assign' | 'why';
      agent: ConsoleAgent;
      work: Held;
    };

const most = (cap: number, units: number | undefined): number =>
  Math.max(1, Math.floor(cap / Math.max(1, units ?? 50)));

function Loads({ agent }: { agent: ConsoleAgent }) {
  const { t } = useTranslation();
  const { units } = useSetup();
  const { load } = agent;
  if (!load) return null;
  const kinds = [
    ...new Set([
      ...CHANNELS.filter((one) => load.channels.includes(one)),
      ...Object.keys(load.held),
    ]),
  ];
  return (
    <span className="console-loads">
      {kinds.map((kind) => {
        const [held, room] = [load.held[kind] ?? 0, most(load.cap_max, units[kind])];
        const name = t(`channel.${kind}`, { defaultValue: kind });
        return (
          <span
            key={kind}
            className={held >= room ? 'console-load console-full' : 'console-load'}
            title={name}
          >
            <ChannelMark kind={kind} size={13} />
            {t('console.load', { held, most: room })}
          </span>
        );
      })}
    </span>
  );
}

interface WorkProps {
  agent: ConsoleAgent;
  work: Held;
  now: number;
  mine: boolean;
  onWish: (wish: Wish) => void;
}

function Work({ agent, work, now, mine, onWish }: WorkProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const since = span(language, Math.max(0, now - Date.parse(work.since)));
  const title = work.title || work.reference || t('console.hidden');
  const held = work.state === 'in_work' || work.state === 'suspended';
  const entry = (
    what: Exclude<Wish['what'], 'status'>,
    icon: MenuItem['icon'],
    disabled = false,
  ): MenuItem => ({
    id: what,
    label: t(`console.do.${what}`),
    icon,
    disabled,
    onSelect: () => onWish({ what, agent, work }),
  });
  const items: (MenuItem | 'line')[] = [
    entry('open', 'out'),
    entry('listen', 'eye', mine || !held),
    entry('whisper', 'lock', mine || !held),
    'line',
    entry('take_over', 'hand', mine),
    entry('assign', 'user'),
    entry('return', 'undo', !held),
    'line',
    entry('why', 'question'),
  ];
  const words = (
    <>
      <ChannelMark kind={work.channel_kind} size={14} />
      <span className="cut">{title}</span>
      {work.help && <Icon name="flag" size={13} />}
      {work.state !== 'in_work' && (
        <span className="tiny soft">{t(`work.state.${work.state}`)}</span>
      )}
      <span className="tiny soft figures">{since}</span>
    </>
  );
  if (!work.case_id) return <span className="console-work">{words}</span>;
  return (
    <Menu
      className="console-work"
      label={t('console.work_of', { title, name: agent.name })}
      button={words}
      items={items}
    />
  );
}

function Status({ agent, now }: { agent: ConsoleAgent; now: number }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { name, dot } = useStatuses();
  const names = useNames();
  const { presence } = agent;
  const status = presence?.status ?? 'offline';
  const back = presence?.planned_return ? Date.parse(presence.planned_return) : undefined;
  const by = presence?.by && presence.by !== agent.id ? names.person(presence.by) : '';
  const more = [
    presence?.reason && t(`presence.reason.${presence.reason}`, { defaultValue: presence.reason }),
    by && t('presence.by', { name: by }),
    back &&
      (back > now
        ? t('presence.back_at', { time: clockTime(language, back) })
        : t('presence.back_over', { time: span(language, now - back) })),
  ].filter(Boolean);
  return (
    <span className="console-status">
      <span className="row">
        <span className={dot(status)} aria-hidden="true" />
        <span>{name(status)}</span>
        {presence && (
          <span className="tiny soft figures">
            {span(language, Math.max(0, now - Date.parse(presence.since)))}
          </span>
        )}
      </span>
      {more.length > 0 && (
        <span className={back && back < now ? 'tiny console-warn' : 'tiny soft'}>
          {more.join(' · ')}
        </span>
      )}
    </span>
  );
}

interface AgentRowProps {
  agent: ConsoleAgent;
  now: number;
  me: string;
  onWish: (wish: Wish) => void;
}

export function AgentRow({ agent, now, me, onWish }: AgentRowProps) {
  const { t } = useTranslation();
  const names = useNames();
  const misses = agent.load?.misses.all ?? 0;
  const last = agent.last_offer;
  return (
    <li className="console-agent">
      <span className="console-who">
        <strong className="cut">{agent.name}</strong>
        <span className="tiny soft cut">
          {agent.departments.map(names.department).filter(Boolean).join(', ')}
        </span>
      </span>
      <Status agent={agent} now={now} />
      <Loads agent={agent} />
      <span className="console-works">
        {agent.work.map((work) => (
          <Work
            key={work.id}
            agent={agent}
            work={work}
            now={now}
            mine={agent.id === me}
            onWish={onWish}
          />
        ))}
        {agent.work.length === 0 && <span className="tiny soft">{t('console.no_work')}</span>}
      </span>
      <span className="console-last tiny soft">
        {misses > 0 && <Chip tone="warn">{t('console.misses', { count: misses })}</Chip>}
        {last &&
          t('console.last_offer', {
            state: t(`offer.state.${last.state}`, { defaultValue: last.state }),
          })}
      </span>
      <Menu
        label={t('console.acts_of', { name: agent.name })}
        side="right"
        button={<Icon name="more" />}
        items={[
          {
            id: 'status',
            label: t('console.do.status'),
            icon: 'user',
            disabled: agent.id === me || agent.presence?.status === 'offline',
            onSelect: () => onWish({ what: 'status', agent }),
          },
        ]}
      />
    </li>
  );
}
