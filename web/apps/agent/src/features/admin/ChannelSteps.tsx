// Is a mailbox really set up? Each step is tried: sign-in, DNS of its domain, certificate, a mail to itself.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import type { AccountRow } from './ChannelDialog';
import { CERTIFICATE_SOON_MS, TOKEN_SOON_MS } from './expiry';
import type { LightRow } from './Light';

type State = 'good' | 'warn' | 'bad' | 'unknown' | 'running' | 'waiting';

interface Finding {
  step: string;
  state: State;
  code: string;
  detail: string;
}

interface Checked {
  state: string;
  code: string;
  detail: string;
  expires_at?: string | null;
  sign_in_until?: string | null;
}

const BACK_MS = 90_000;
const ASK_MS = 2_000;
const DNS = ['mx', 'spf', 'dkim', 'dmarc'];

const ICONS = {
  good: 'check',
  warn: 'alert',
  bad: 'close',
  unknown: 'question',
  running: 'refresh',
  waiting: 'clock',
} as const;

function Step({ state, name, detail }: { state: State; name: string; detail?: string }) {
  const { t } = useTranslation();
  return (
    <li className={`step step-${state}`}>
      <Icon name={ICONS[state]} size={17} />
      <span className="grow">
        <strong>{name}</strong>
        <span className="sr">{t(`probe.${state}`)}</span>
        {detail && <span className="menu-hint step-detail">{detail}</span>}
      </span>
    </li>
  );
}

/** The mail that went to the mailbox itself: sent, and seen to come in. */
function useRoundTrip(row: AccountRow) {
  const { client, clock } = useWorkspace();
  const { busy, run } = useAct();
  const [sent, setSent] = useState<{ at: number; state: State; detail?: string }>();
  const waiting = sent?.state === 'good';
  const light = useQuery({
    queryKey: ['admin', 'light', row.id, sent?.at],
    enabled: waiting,
    refetchInterval: (query) => (query.state.data ? false : ASK_MS),
    queryFn: async () => {
      const { items } = await client.get<{ items: LightRow[] }>('/v1/channel_lights');
      const last = items.find((one) => one.account_id === row.id)?.last_in;
      return last && sent && Date.parse(last) >= sent.at ? last : null;
    },
  });
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(() => setLate(true), BACK_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  const send = (): void =>
    void run(async () => {
      setLate(false);
      const at = clock.now();
      setSent({ at, state: 'running' });
      const told = await client.post<{ ok: boolean; steps: { ok: boolean; detail: string }[] }>(
        `/v1/channel_accounts/${row.id}/test`,
        { body: {} },
      );
      const broken = told.steps.find((one) => !one.ok);
      setSent({ at, state: told.ok ? 'good' : 'bad', detail: broken?.detail });
    });
  const back: State = !waiting ? 'waiting' : light.data ? 'good' : late ? 'bad' : 'running';
  return { busy, send, sent, back };
}

export function ChannelSteps({ row, onClose }: { row: AccountRow; onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client, clock } = useWorkspace();
  const check = useQuery({
    queryKey: ['admin-check', row.id],
    queryFn: () => client.post<Checked>(`/v1/channel_accounts/${row.id}/check`),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const dns = useQuery({
    queryKey: ['admin-dns', row.id],
    queryFn: () => client.post<{ items: Finding[] }>(`/v1/channel_accounts/${row.id}/domain`),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const trip = useRoundTrip(row);
  const [opened] = useState(() => clock.now());
  const tokenUntil = check.data?.sign_in_until ? Date.parse(check.data.sign_in_until) : undefined;
  const tokenEnds = tokenUntil !== undefined && tokenUntil < opened + TOKEN_SOON_MS;
  const signIn: State = check.isFetching
    ? 'running'
    : check.data?.state === 'working'
      ? tokenEnds
        ? 'warn'
        : 'good'
      : check.data?.state === 'degraded'
        ? 'warn'
        : 'bad';
  const until = check.data?.expires_at ? Date.parse(check.data.expires_at) : undefined;
  const certificate = (): State => {
    if (check.isFetching) return 'running';
    if (until === undefined) return 'unknown';
    return until < opened ? 'bad' : until < opened + CERTIFICATE_SOON_MS ? 'warn' : 'good';
  };
  const again = (): void => {
    void check.refetch();
    void dns.refetch();
  };
  return (
    <Dialog
      title={t('probe.title', { name: row.name })}
      onClose={onClose}
      actions={
        <>
          <Button icon="refresh" busy={check.isFetching || dns.isFetching} onClick={again}>
            {t('probe.again')}
          </Button>
          <Button look="primary" icon="send" busy={trip.busy} onClick={trip.send}>
            {t('probe.send')}
          </Button>
        </>
      }
    >
      <p className="soft">{t('probe.hint')}</p>
      <ol className="steps" aria-live="polite">
        <Step
          state={signIn}
          name={t('probe.sign_in')}
          detail={
            check.data?.code
              ? t(`account.health.${check.data.code}`, { defaultValue: check.data.detail })
              : tokenUntil
                ? t('probe.sign_in_until', { at: mediumTime(language, tokenUntil) })
                : undefined
          }
        />
        <Step
          state={certificate()}
          name={t('probe.certificate')}
          detail={
            until === undefined
              ? t('probe.no_certificate')
              : t('probe.until', { at: mediumTime(language, until) })
          }
        />
        {DNS.map((name) => {
          const found = dns.data?.items.find((one) => one.step === name);
          const state: State = dns.isFetching ? 'running' : (found?.state ?? 'unknown');
          return (
            <Step
              key={name}
              state={state}
              name={t(`probe.${name}`)}
              detail={
                found && !dns.isFetching
                  ? [t(`probe.code.${found.code}`), found.detail].filter(Boolean).join(' ')
                  : undefined
              }
            />
          );
        })}
        <Step
          state={trip.sent?.state ?? 'waiting'}
          name={t('probe.sent')}
          detail={trip.sent?.detail}
        />
        <Step
          state={trip.back}
          name={t('probe.back')}
          detail={trip.back === 'bad' ? t('probe.not_back') : undefined}
        />
      </ol>
    </Dialog>
  );
}
