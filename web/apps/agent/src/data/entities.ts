// The types of the entity store: what the stream and the answers of the server carry.

import type { Alert } from '@api/console';
import type {
  Account,
  BulkJob,
  Case,
  CaseStep,
  DraftEntity,
  Interaction,
  Load,
  Message,
  Notice,
  Offer,
  Presence,
  WorkItem,
} from '@api/types';

export type Entities = {
  case: Case;
  work_item: WorkItem;
  interaction: Interaction;
  message: Message;
  offer: Offer;
  case_step: CaseStep;
  presence: Presence;
  load: Load;
  draft: DraftEntity;
  account: Account;
  notice: Notice;
  bulk_job: BulkJob;
  alert: Alert;
};

export type EntityName = keyof Entities & string;

const NAMES: Record<string, EntityName> = {
  case: 'case',
  case_row: 'case',
  work_item: 'work_item',
  interaction: 'interaction',
  message: 'message',
  offer: 'offer',
  case_step: 'case_step',
  presence: 'presence',
  load: 'load',
  draft: 'draft',
  account: 'account',
  notice: 'notice',
  bulk_job: 'bulk_job',
  alert: 'alert',
};

/** The store's name of an entity of the stream; undefined for configuration, which is fetched. */
export const entityName = (name: string | undefined): EntityName | undefined =>
  name === undefined ? undefined : NAMES[name];
