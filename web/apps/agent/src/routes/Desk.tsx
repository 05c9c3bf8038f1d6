// The agent's desk: list, Case with its composer, customer; on narrow screens one at a time.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '@ui/Async';
import { useEntity } from '@agent/data/hooks';
import { type Route } from '@agent/data/router';
import { useCommand } from '@agent/parts/commands';
import { PanelEdge } from '@agent/parts/PanelEdge';
import { CaseView } from '@agent/features/case/CaseView';
import { Composer } from '@agent/features/composer/Composer';
import { CustomerPanel } from '@agent/features/customer/Panel';
import { addressOf, filterOf, Inbox, selectedOf } from '@agent/features/inbox/Inbox';

const WIDE = '(min-width: 75rem)';

function Chosen({ id, route }: { id: string; route: Route }) {
  const customer = useEntity('case', id)?.customer.id;
  const [panel, setPanel] = useState(() => window.matchMedia(WIDE).matches);
  const toggle = (): void => setPanel(!panel);
  useCommand('panel', toggle);
  return (
    <>
      <CaseView
        key={id}
        id={id}
        back={addressOf(filterOf(route))}
        panel={{ open: panel, toggle }}
        composer={(answer, returned) => <Composer answer={answer} returned={returned} />}
      />
      {panel && customer && (
        <div className="desk-side" data-panel="customer">
          <PanelEdge panel="side" />
          <CustomerPanel key={customer} id={customer} caseId={id} onClose={toggle} />
        </div>
      )}
    </>
  );
}

export function Desk({ route }: { route: Route }) {
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
        <Chosen key={id} id={id} route={route} />
      ) : (
        <div className="case-panel desk-none">
          <Empty title={t('case.none')} hint={t('case.none_hint')} icon="chat" />
        </div>
      )}
    </div>
  );
}
