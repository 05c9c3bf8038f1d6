// One event rule: what it waits for, on which condition, what it does; faults while it is written.

import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Check, Switch, TextArea, TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useWorkspace } from '@agent/data/hooks';
import { EventActions } from './EventActions';
import { EVENTS, tidied, type EventFault, type EventLine } from './eventModel';

const PAUSE_MS = 300;

/** What the server finds wrong with a rule as it stands. */
function useFault(rule: EventLine): { fault: EventFault | undefined; asking: boolean } {
  const { client } = useWorkspace();
  const [found, setFound] = useState<{ of: string; fault: EventFault | undefined }>();
  const text = JSON.stringify(tidied(rule));
  useEffect(() => {
    const timer = setTimeout(() => {
      void client
        .post<{ faults: EventFault[] }>('/v1/event_rules/check', {
          body: { rules: [JSON.parse(text)] },
        })
        .then((answer) => setFound({ of: text, fault: answer.faults[0] }))
        .catch(() => undefined);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [client, text]);
  return { fault: found?.fault, asking: found?.of !== text };
}

export function FaultWords({ fault }: { fault: EventFault }) {
  const { t } = useTranslation();
  const code = fault.code.replace(/^(event_)?rule\./, '');
  const said =
    fault.code === 'event_rule.field' || fault.code === 'event_rule.gone'
      ? t(`events.fault.${fault.code === 'event_rule.gone' ? 'gone' : (fault.field ?? '')}`, {
          place: fault.action ?? '',
          defaultValue: t('events.fault.other'),
        })
      : t(`rules.fault.${code}`, {
          names: (fault.names ?? []).join(', '),
          detail: fault.detail ?? '',
          defaultValue: t('events.fault.other'),
        });
  return (
    <p className="field-error">
      <Icon name="alert" size={14} /> {said}
    </p>
  );
}

interface EventDialogProps {
  rule: EventLine;
  fresh: boolean;
  taken: readonly string[];
  onClose: () => void;
  onDone: (rule: EventLine) => void;
}

export function EventDialog({ rule, fresh, taken, onClose, onDone }: EventDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [draft, setDraft] = useState(rule);
  const put = (change: Partial<EventLine>): void => setDraft({ ...draft, ...change });
  const { fault, asking } = useFault(draft);
  const twice = taken.includes(draft.id.trim());
  const good = draft.id.trim() !== '' && draft.on.length > 0 && !twice && !fault && !asking;
  return (
    <Dialog
      wide
      title={t(fresh ? 'events.new' : 'events.edit')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" form={id} look="primary" disabled={!good}>
            {t('rules.take')}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (good) onDone(tidied(draft));
        }}
      >
        <TextField
          data-first
          label={t('rules.name')}
          value={draft.id}
          maxLength={100}
          error={twice ? t('rules.fault.id_twice') : undefined}
          onChange={(event) => put({ id: event.target.value })}
        />
        <fieldset className="rule-part stack">
          <legend>{t('events.on')}</legend>
          <div className="event-choices">
            {EVENTS.map((one) => (
              <Check
                key={one}
                label={t(`events.of.${one}`)}
                checked={draft.on.includes(one)}
                onChange={(on) =>
                  put({ on: EVENTS.filter((x) => (x === one ? on : draft.on.includes(x))) })
                }
              />
            ))}
          </div>
        </fieldset>
        <fieldset className="rule-part stack">
          <legend>{t('rules.when')}</legend>
          <TextArea
            label={t('rules.expression')}
            hint={t('events.expression_hint')}
            className="mono"
            rows={3}
            spellCheck={false}
            maxLength={2000}
            value={draft.when}
            onChange={(event) => put({ when: event.target.value })}
          />
        </fieldset>
        <EventActions actions={draft.do} onChange={(actions) => put({ do: actions })} />
        <Switch
          label={t('events.active')}
          hint={t('events.active_hint')}
          checked={draft.active}
          onChange={(active) => put({ active })}
        />
        <div aria-live="polite">
          {fault && draft.id.trim() !== '' && <FaultWords fault={fault} />}
        </div>
      </form>
    </Dialog>
  );
}
