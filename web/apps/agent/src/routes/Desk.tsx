// The agent's desk: list, Case with its composer, customer; on narrow screens one at a time.

import { useQueryClient } from '@tanstack/react-query';
import { memo, Suspense, useEffect, useLayoutEffect, useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import type { OutItem } from '@sync/outbox';
import { Empty } from '@ui/Async';
import { useEntity, useWorkspace } from '@agent/data/hooks';
import { type Route } from '@agent/data/router';
import { catchUp, keep } from '@agent/parts/ahead';
import { useAwaited, useCommand, Within } from '@agent/parts/commands';
import { PanelEdge } from '@agent/parts/PanelEdge';
import type { Place } from '@agent/parts/registry';
import { late } from '@i18n/late';
import { CaseView } from '@agent/features/case/CaseView';
import { useShown } from '@agent/features/case/useShown';
import { Composer } from '@agent/features/composer/Composer';
import { CustomerPanel } from '@agent/features/customer/Panel';
import { customerQuery } from '@agent/features/customer/useCustomer';
import { addressOf, filterOf, Inbox, selectedOf } from '@agent/features/inbox/Inbox';
import { useSide, type Side } from './useSide';

const Listening = late(
  'dialogs',
  async () => (await import('@agent/features/case/Listening')).Listening,
);

interface ChosenProps {
  id: string;
  back: string;
  panel: Side;
  listening: boolean;
}

/** Drawn anew only when another Case has come: what is chosen meanwhile in the list does not touch it. */
const Chosen = memo(function Chosen({ id, back, panel, listening }: ChosenProps) {
  const customer = useEntity('case', id)?.customer.id;
  useCommand('panel', panel.toggle);
  return (
    <>
      <CaseView
        key={id}
        id={id}
        back={back}
        panel={panel}
        listening={listening}
        composer={listening ? reading : writing}
      />
      {panel.open && customer && (
        <div className="desk-side" data-panel="customer">
          <PanelEdge panel="side" />
          <CustomerPanel key={customer} id={customer} caseId={id} onClose={panel.toggle} />
        </div>
      )}
    </>
  );
});

const writing = (answer: CaseAnswer, returned: OutItem | undefined) => (
  <Composer answer={answer} returned={returned} />
);

const reading = (answer: CaseAnswer) => (
  <Suspense fallback={null}>
    <Listening key={answer.case.id} caseId={answer.case.id} />
  </Suspense>
);

const stop = (event: SyntheticEvent): void => {
  event.preventDefault();
  event.stopPropagation();
};

/** While another Case is on its way the old one stands still: keys and clicks are not for it any more. */
function Held({ id, route, split }: { id: string; route: Route; split: boolean }) {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const panel = useSide(id, split);
  const [place] = useState<Place>(() => ({ held: false, keep }));
  const shown = useShown(id, async () => {
    const customer = workspace.store.get('case', id)?.customer.id;
    if (panel.open && customer) await queries.prefetchQuery(customerQuery(workspace, customer));
  });
  const held = shown !== id;
  useAwaited(held);
  useLayoutEffect(() => {
    place.held = held;
  }, [place, held]);
  useEffect(() => {
    if (!held) catchUp(); // behind the effects of the Case: its commands answer by now
  }, [held, shown]);
  return (
    <Within value={place}>
      <div
        className="desk-held"
        aria-disabled={held || undefined}
        onClickCapture={held ? stop : undefined}
      >
        <Chosen
          id={shown}
          back={addressOf(filterOf(route))}
          panel={panel}
          listening={route.query.get('listen') === '1' && shown === id}
        />
      </div>
    </Within>
  );
}

export function Desk({ route, split }: { route: Route; split: boolean }) {
  const { t } = useTranslation();
  const [place] = route.parts;
  const id = selectedOf(route);
  return (
    <div className={id ? 'desk desk-chosen' : 'desk'}>
      <Inbox
        route={
          place === 'inbox' || place === 'view'
            ? route
            : { parts: ['inbox', 'mine'], query: route.query }
        }
        selected={id}
      />
      <PanelEdge panel="list" />
      {id ? (
        <Held id={id} route={route} split={split} />
      ) : (
        <div className="case-panel desk-none">
          <Empty title={t('case.none')} hint={t('case.none_hint')} icon="chat" />
        </div>
      )}
    </div>
  );
}
