// Somebody who left the line of a chat, and what was tried to reach him.

export type CallOutcome = 'reached' | 'busy' | 'no_answer' | 'wrong_number';

export interface Callback {
  id: string;
  way: 'phone' | 'email' | 'chat';
  address: string;
  language: string;
  reason: string;
  from: string | null;
  to: string | null;
  asked_at: string;
  expires_at: string;
  attempts: { no: number; agent_id: string; at: string; outcome: CallOutcome }[];
}
