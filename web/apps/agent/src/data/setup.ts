// What changes rarely: the person, departments, queues, skills, colleagues, settings.

import type {
  Bootstrap,
  Colleague,
  Department,
  Person,
  PresenceStatus,
  Queue,
  SavedView,
  Skill,
} from '@api/types';

export interface Outage {
  channel: string;
  other: string;
}

export interface Setup {
  me: Person;
  departments: Department[];
  queues: Queue[];
  skills: Skill[];
  colleagues: Colleague[];
  /** What people may be doing, in the order of the menu. */
  statuses: readonly PresenceStatus[];
  dispositions: { code: string; name?: Record<string, string> }[];
  counters: Record<string, number>;
  views: readonly SavedView[];
  demo: boolean;
  build: string;
  /** Channels that are out of order, and where customers are sent meanwhile ('' = nowhere). */
  outages: readonly Outage[];
  /** What one WorkItem of a channel costs, in units of attention. */
  units: Record<string, number>;
}

export function setupOf(boot: Bootstrap): Setup {
  return {
    me: boot.me,
    departments: boot.departments,
    queues: boot.queues,
    skills: boot.skills,
    colleagues: boot.colleagues,
    statuses: boot.presence_statuses ?? [],
    dispositions: (boot.dispositions ?? []).map((one) =>
      typeof one === 'string' ? { code: one } : one,
    ),
    counters: boot.counters ?? {},
    views: boot.views ?? [],
    demo: boot.settings.demo,
    build: boot.build,
    outages: (boot as { outages?: Outage[] }).outages ?? [],
    units: boot.settings.units ?? {},
  };
}
