// Who is one customer: what a join would do, and where what is known comes from.

import type { Customer, CustomerSummary, Identity } from './answers';
import type { Case } from './entities';

export type Verdict = 'same' | 'different' | 'relative';

export interface MatchSide {
  customer: Customer;
  identities: Identity[];
  summary: CustomerSummary;
  open_cases: Case[];
}

/** What would be shown of one field, and what it would win against. */
export interface MatchField {
  field: string;
  value: string | null;
  why: 'pin' | 'level' | 'source' | 'newest' | 'only';
  customer_id: string;
  source: string;
  at: string;
  others: { value: string | null; customer_id: string }[];
}

/** What stands beside the other's from then on. */
export interface MatchSight {
  customer_id: string;
  department_id: string;
  department: string;
  members_only: boolean;
  interactions: number;
  open_cases: number;
}

export interface MatchAhead {
  canonical_id: string;
  gone_id: string;
  sides: MatchSide[];
  fields: MatchField[];
  visible: MatchSight[];
}

export interface MatchMade {
  link_id: string;
  change_id: string | null;
  canonical_id: string;
  customer: Customer;
}

export interface OriginRecord {
  id: string;
  source: string;
  source_key: string;
  name: string;
  at: string;
  by: string | null;
  addresses: string[];
  cases: number;
}

export interface OriginLink {
  id: string;
  verdict: Verdict;
  tier: string;
  reason: string;
  at: string;
  by: string | null;
  revoked_at: string | null;
  revoked_by: string | null;
  revoked_why: string;
  other_id: string | null;
  other: string | null;
}

export interface OriginField {
  field: string;
  value: string | null;
  record: string;
  why: MatchField['why'];
  at: string;
  others: { value: string | null; record: string }[];
}

export interface Origin {
  canonical_id: string;
  records: OriginRecord[];
  links: OriginLink[];
  fields: OriginField[];
}
