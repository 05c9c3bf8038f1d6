// The head of a Case: what it is about, how it stands, who else is here, what can be done.

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer } from '@api/types';
import { dayTime, relative, worded } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Banner, Chip } from '@ui/Small';
import { toasts } from '@ui/Toasts';
import {
  useLanguage,
  useLiveWork,
  useNames,
  useNow,
  useOthers,
  useWorkspace,
} from '@agent/data/hooks';
import { go } from '@agent/data/router';
import { runCommand, useKeysOf } from '@agent/parts/commands';
import { PriorityChip, StateChip, TierMark } from '@agent/parts/Marks';
import { SlaChip, stands } from '@agent/parts/SlaChip';
import { tagColour } from '@agent/parts/tag';
import { Actions } from './Actions';
import { ask } from './asked';
import { Details } from './Details';
import { Subject } from './Subject';
import { useMoves } from './useMoves';

function AlsoHere({ id }: { id: string }) {
  const { t } = useTranslation();
  const others = useOthers(`case:${id}`).filter((other) => other.name);
  const typing = new Set(others.filter((one) => one.kind === 'typing').map((one) => one.id));
  const seen = new Map(others.map((other) => [other.id, other]));
  if (seen.size === 0) return null;
  const names = [...seen.values()]
    .map((one) => (typing.has(one.id) ? t('case.types', { name: one.name }) : one.name))
    .join(', ');
  return (
    <Chip tone="accent" icon="eye">
      {t('case.also_here', { names })}
    </Chip>
  );
}

function Reference({ reference }: { reference: string }) {
  const { t } = useTranslation();
  const copy = (): void =>
    void navigator.clipboard
      .writeText(reference)
      .then(() => toasts.show({ text: t('case.reference_copied', { reference }) }))
      .catch(() => undefined);
  return (
    <button
      type="button"
      className="reference figures small soft"
      title={t('case.copy_reference')}
      onClick={copy}
    >
      {reference}
      <span className="sr">{t('case.copy_reference')}</span>
    </button>
  );
}

function Aside({ found }: { found: Case }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const now = useNow(60_000);
  const moves = useMoves(found);
  if (!found.snooze) return null;
  const time = dayTime(language, Date.parse(found.snooze.until), now);
  return (
    <Banner
      tone="plain"
      icon="moon"
      action={
        <Button small busy={moves.busy} onClick={moves.wake}>
          {t('action.wake')}
        </Button>
      }
    >
      {t('case.snoozed', { time, name: names.person(found.snooze.by) })}
    </Banner>
  );
}

function Flag({ found }: { found: Case }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  const moves = useMoves(found);
  if (!found.help) return null;
  return (
    <Banner
      tone="warn"
      icon="flag"
      action={
        <Button small busy={moves.busy} onClick={moves.settleHelp}>
          {t('action.settle_help')}
        </Button>
      }
    >
      <strong>{t('help.flag', { name: found.help.name })}</strong> {found.help.text}{' '}
      <span className="tiny soft">{relative(language, Date.parse(found.help.at), now)}</span>
    </Banner>
  );
}

function Tags({ found, may }: { found: Case; may: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {found.tags.map((tag) => (
        <span key={tag} className={`tag tag-${tagColour(tag)}`}>
          {tag}
        </span>
      ))}
      {may && (
        <button
          type="button"
          className="fact-button"
          title={t('action.tags')}
          aria-label={t('action.tags')}
          onClick={() => ask('tags')}
        >
          <Icon name="tag" size={14} />
        </button>
      )}
    </>
  );
}

/** How far the process has come; opens its steps. */
function StepsChip({ steps }: { steps: NonNullable<Case['steps']> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const keys = useKeysOf();
  return (
    <button
      type="button"
      className="chip chip-plain chip-button"
      title={`${t('command.steps')} (${keys('steps') ?? ''})`}
      onClick={() => runCommand('steps')}
    >
      <Icon name="checks" size={13} />
      <span className="cut">
        {t('steps.progress', { done: steps.done, total: steps.total })}
        {steps.now && ` · ${worded(language, steps.titles, steps.now)}`}
      </span>
    </button>
  );
}

function Facts({ found, answer, more }: { found: Case; answer: CaseAnswer; more: ReactNode }) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const names = useNames();
  const work = useLiveWork(found);
  const holders = work.filter((item) => item.agent_id);
  const queue = names.queue(work[0]?.queue_id);
  return (
    <div className="row wrap case-facts">
      <Reference reference={found.reference} />
      {!stands(found) && <StateChip state={found.state} />}
      <SlaChip clocks={found.clocks} state={found.state} />
      <PriorityChip priority={found.priority} />
      <TierMark tier={found.customer.tier} />
      {found.visibility === 'sealed' && (
        <Chip tone="note" icon="lock">
          {t('case.sealed')}
        </Chip>
      )}
      {found.demo && (
        <span className="fact-mark" title={t('demo.mark')}>
          <Icon name="bolt" size={14} />
          <span className="sr">{t('demo.mark')}</span>
        </span>
      )}
      {queue && <Chip icon="inbox">{queue}</Chip>}
      {found.steps && <StepsChip steps={found.steps} />}
      {holders.map((item) => (
        <Chip key={item.id} icon="user" tone={item.agent_id === me.id ? 'accent' : 'plain'}>
          {item.agent_id === me.id ? t('case.with_me') : names.person(item.agent_id)}
        </Chip>
      ))}
      <Tags found={found} may={answer.may.edit !== false} />
      {answer.me?.following && <Chip icon="bell">{t('case.following')}</Chip>}
      <AlsoHere id={found.id} />
      {holders.length === 0 && work.length > 0 && (
        <span className="tiny soft row">
          <Icon name="clock" size={13} /> {t(`work.state.${work[0]?.state}`)}
        </span>
      )}
      {more}
    </div>
  );
}

interface HeaderProps {
  found: Case;
  answer: CaseAnswer;
  back: string;
  panel: { open: boolean; toggle: () => void };
}

export function Header({ found, answer, back, panel }: HeaderProps) {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  return (
    <header className="case-head">
      <div className="row case-head-top">
        <IconButton
          className="only-narrow"
          icon="left"
          label={t('ui.back')}
          onClick={() => go(back)}
        />
        <Subject found={found} may={answer.may.edit !== false} />
        <Actions found={found} answer={answer} />
        <IconButton
          icon="panel"
          label={t('case.panel')}
          keys="Z"
          aria-pressed={panel.open}
          onClick={panel.toggle}
        />
      </div>
      <Facts
        found={found}
        answer={answer}
        more={
          <button
            type="button"
            className="fact-button"
            title={t('case.details')}
            aria-label={t('case.details')}
            aria-expanded={more}
            onClick={() => setMore(!more)}
          >
            <Icon name="down" size={14} />
          </button>
        }
      />
      {more && <Details found={found} answer={answer} />}
      <Flag found={found} />
      <Aside found={found} />
    </header>
  );
}
