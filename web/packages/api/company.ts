// The house as it travels: departments, queues, skills, people.

import type { Language, Role, Facts, Status } from './entities';

export interface Department {
  id: string;
  name: string;
  visibility?: 'open' | 'sealed';
  version?: number;
}

export interface Queue {
  id: string;
  name: string;
  department_id: string;
  channels?: string[];
  delivery?: string;
  decline_reasons?: string[];
  disposition_required?: boolean;
  wrap_up_s?: number;
  version?: number;
}

export type Mode = 'on' | 'transfer_only' | 'finish' | 'off';

/** What an agent may be doing, and what he takes meanwhile: by channel, else by class of channels. */
export interface PresenceStatus {
  id: string;
  key: Status;
  name: Record<string, string>;
  matrix: Record<string, Mode>;
  reasons: string[];
  colour: 'plain' | 'accent' | 'good' | 'warn' | 'bad' | 'note';
  place: number;
  built_in: boolean;
  version?: number;
}

export interface Skill {
  id: string;
  key: string;
  kind: string;
  name: Record<string, string>;
  version?: number;
}

export interface Colleague {
  id: string;
  name: string;
  status: Status;
  /** Takes work; false = somebody who only looks or sets up. */
  agent?: boolean;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  language: Language;
  zone?: string;
  roles: Role[];
  /** Of the signed-in person only: everything his roles give, somewhere. */
  rights?: readonly string[];
  departments: string[];
  agent: boolean;
  /** Of the signed-in person only: his Queues, and the departments whose Cases stand in his lists. */
  queues?: string[];
  listed?: string[];
  supervised?: string[];
  settings: Facts;
  totp?: boolean;
}

export interface Disposition {
  code: string;
  name?: Record<string, string>;
}
