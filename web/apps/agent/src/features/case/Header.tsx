// The head of a Case: what it is about, how it stands, who else is here, what can be done.

import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer } from '@api/types';
import { IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { useLiveWork, useNames, useOthers, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { PriorityChip, StateChip, TierMark } from '@agent/parts/Marks';
import { SlaChip } from '@agent/parts/SlaChip';
import { Actions } from './Actions';

function AlsoHere({ id }: { id: string }) {
  const { t } = useTranslation();
  const others = useOthers(`case:${id}`);
  const seen = new Map(others.filter((other) => other.name).map((other) => [other.id, other]));
  if (seen.size === 0) return null;
  const names = [...seen.values()].map((other) => other.name).join(', ');
  return (
    <Chip tone="accent" icon="eye">
      {t('case.also_here', { names })}
    </Chip>
  );
}

function Links({ found }: { found: Case }) {
  const { t } = useTranslation();
  if (!found.links || found.links.length === 0) return null;
  return (
    <>
      {found.links.map((link) => (
        <a key={`${link.case_id}${link.kind}`} className="tiny" href={href('case', link.case_id)}>
          {t(`case.link.${link.kind}`, { reference: link.reference })}
        </a>
      ))}
    </>
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
  const { me } = useWorkspace();
  const names = useNames();
  const work = useLiveWork(found);
  const holder = work.find((item) => item.agent_id);
  const queue = names.queue(work[0]?.queue_id);
  return (
    <header className="case-head">
      <div className="row case-head-top">
        <IconButton
          className="only-narrow"
          icon="left"
          label={t('ui.back')}
          onClick={() => go(back)}
        />
        <h1 className="case-title grow">{found.title || t('case.untitled')}</h1>
        <Actions found={found} answer={answer} />
        <IconButton
          icon="panel"
          label={t('case.panel')}
          keys="Z"
          aria-pressed={panel.open}
          onClick={panel.toggle}
        />
      </div>
      <div className="row wrap case-facts">
        <span className="figures small soft">{found.reference}</span>
        <StateChip state={found.state} />
        <SlaChip clocks={found.clocks} />
        <PriorityChip priority={found.priority} />
        <TierMark tier={found.customer.tier} />
        {found.visibility === 'sealed' && (
          <Chip tone="note" icon="lock">
            {t('case.sealed')}
          </Chip>
        )}
        {found.demo && <Chip>{t('demo.mark')}</Chip>}
        {queue && <Chip icon="inbox">{queue}</Chip>}
        {holder && (
          <Chip icon="user" tone={holder.agent_id === me.id ? 'accent' : 'plain'}>
            {holder.agent_id === me.id ? t('case.with_me') : names.person(holder.agent_id)}
          </Chip>
        )}
        {found.tags.map((tag) => (
          <Chip key={tag} icon="tag">
            {tag}
          </Chip>
        ))}
        <AlsoHere id={found.id} />
        <Links found={found} />
        {!holder && work.length > 0 && (
          <span className="tiny soft row">
            <Icon name="clock" size={13} /> {t(`work.state.${work[0]?.state}`)}
          </span>
        )}
      </div>
    </header>
  );
}
