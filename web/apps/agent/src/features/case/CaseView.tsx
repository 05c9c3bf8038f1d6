// The case screen: header, stream and a place for the composer, true while it is open.

import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import { late } from '@i18n/late';
import type { OutItem } from '@sync/outbox';
import { Async, Empty, Skeleton } from '@ui/Async';
import { Button } from '@ui/Button';
import { Banner } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useCell, useEntity, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { useAwaited } from '@agent/parts/commands';
import { Header } from './Header';
import './matter.css';
import { StepsSlot } from './StepsSlot';
import { Stream } from './Stream';
import { useCase, useOlder } from './useCase';
import { Work } from './Work';

const Packet = late('dialogs', async () => (await import('./Packet')).Packet);

interface CaseViewProps {
  id: string;
  back: string;
  panel: { open: boolean; toggle: () => void };
  /** Somebody who leads reads along: he is not shown as one who looks. */
  listening?: boolean;
  /** The composer of this Case; gets the server's answer about what may be done. */
  composer: (answer: CaseAnswer, returned: OutItem | undefined) => ReactNode;
}

/** What had been read when this Case was opened: the line "new" stands after it. */
function useReadBefore(id: string, answer: CaseAnswer | undefined): number | undefined {
  const { reads } = useWorkspace();
  const [kept, setKept] = useState<{ id: string; read: number | undefined }>();
  const now = useCell(reads)[id];
  if (answer && kept?.id !== id) {
    const first = typeof answer.read === 'number' ? answer.read : now;
    setKept({ id, read: first });
    return first;
  }
  return kept?.id === id ? kept.read : undefined;
}

function Moved({ into }: { into: string }) {
  const { t } = useTranslation();
  return (
    <Banner
      tone="warn"
      icon="merge"
      action={
        <Button small onClick={() => go(href('case', into))}>
          {t('case.open_target')}
        </Button>
      }
    >
      {t('case.merged_banner')}
    </Banner>
  );
}

/** Who reads along changes nothing. */
const readOnly = (answer: CaseAnswer): CaseAnswer => ({
  ...answer,
  may: Object.fromEntries(Object.keys(answer.may).map((name) => [name, false])),
});

export function CaseView({ id, back, panel, listening, composer }: CaseViewProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const query = useCase(id);
  const older = useOlder(id, query.data);
  const found = useEntity('case', id);
  const read = useReadBefore(id, query.data);
  const [returned, setReturned] = useState<OutItem>();
  useEffect(() => {
    const topic = `case:${id}`;
    const leave = workspace.stream.join(topic);
    const say = (): void => {
      if (!listening && document.visibilityState === 'visible')
        workspace.stream.say(topic, 'viewing');
    };
    say();
    const timer = setInterval(say, 3_000);
    return () => {
      clearInterval(timer);
      leave();
    };
  }, [workspace, id, listening]);
  const answer = query.data && listening ? readOnly(query.data) : query.data;
  const error = asError(query.error);
  const lost = error?.status === 404 || (answer && !found);
  useAwaited((!answer || !found) && !error && !lost);
  if (lost) {
    return (
      <section className="case-panel" aria-label={t('word.case')}>
        <Empty
          icon="eye"
          title={t('case.lost')}
          hint={t('case.lost_hint')}
          action={<Button onClick={() => go(back)}>{t('ui.back')}</Button>}
        />
      </section>
    );
  }
  return (
    <section className="case-panel" aria-label={t('word.case')}>
      <Async
        loading={!answer || !found}
        error={answer ? null : error}
        retry={() => void query.refetch()}
        skeleton={<Skeleton rows={6} tall />}
      >
        {answer && found && (
          <>
            <Header found={found} answer={answer} back={back} panel={panel} />
            {found.merged_into && <Moved into={found.merged_into} />}
            <Work caseId={id} />
            {answer.packet && (
              <Suspense fallback={null}>
                <Packet packet={answer.packet} caseId={id} />
              </Suspense>
            )}
            <StepsSlot found={found} answer={answer} />
            <Stream id={id} read={read} older={older} onEdit={setReturned} />
            {composer(answer, returned?.lane === id ? returned : undefined)}
          </>
        )}
      </Async>
    </section>
  );
}
