// One rule: when it fits, and what it sets; faults are shown while it is written.

import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, Switch, TextField } from '@ui/Field';
import { useNames, useSetup } from '@agent/data/hooks';
import { ConditionEditor } from './ConditionEditor';
import { FaultList } from './FaultList';
import { Needs } from './Needs';
import { tidy, type RuleLine } from './ruleModel';
import { useFaults } from './useFaults';

interface RuleDialogProps {
  rule: RuleLine;
  fresh: boolean;
  taken: readonly string[];
  onClose: () => void;
  onDone: (rule: RuleLine) => void;
}

export function RuleDialog({ rule, fresh, taken, onClose, onDone }: RuleDialogProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const names = useNames();
  const id = useId();
  const [draft, setDraft] = useState<RuleLine>(rule);
  const put = (change: Partial<RuleLine>): void => setDraft({ ...draft, ...change });
  const { faults } = useFaults([tidy(draft)]);
  const twice = taken.includes(draft.id.trim());
  const ready = draft.id.trim() !== '' && !twice && faults.length === 0;
  const untouched = { value: '', label: t('rules.keep') };
  return (
    <Dialog
      wide
      title={t(fresh ? 'rules.new' : 'rules.edit')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" form={id} look="primary" disabled={!ready}>
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
          if (ready) onDone(tidy({ ...draft, id: draft.id.trim() }));
        }}
      >
        <TextField
          label={t('rules.name')}
          value={draft.id}
          maxLength={100}
          error={twice ? t('rules.fault.id_twice') : undefined}
          onChange={(event) => put({ id: event.target.value })}
        />
        <ConditionEditor when={draft.when} faults={faults} onChange={(when) => put({ when })} />
        <fieldset className="rule-part stack">
          <legend>{t('rules.then')}</legend>
          <Select
            label={t('rules.queue')}
            hint={draft.queue ? undefined : t('rules.queue_none')}
            value={draft.queue ?? ''}
            options={[
              untouched,
              ...queues.map((one) => ({
                value: one.id,
                label: `${one.name} · ${names.department(one.department_id)}`,
              })),
            ]}
            onChange={(queue) => put({ queue: queue || null })}
          />
          <div className="clause clause-two">
            <Select
              label={t('rules.tier')}
              value={draft.tier ?? ''}
              options={[
                untouched,
                ...['standard', 'priority', 'vip'].map((value) => ({
                  value,
                  label: t(`tier.${value}`),
                })),
              ]}
              onChange={(tier) => put({ tier: tier || null })}
            />
            <Select
              label={t('rules.urgency')}
              value={draft.urgency ?? ''}
              options={[
                untouched,
                ...['low', 'normal', 'high', 'critical'].map((value) => ({
                  value,
                  label: t(`rules.urgency.${value}`),
                })),
              ]}
              onChange={(urgency) => put({ urgency: urgency || null })}
            />
          </div>
          <Needs
            needs={draft.requirements ?? []}
            onChange={(requirements) => put({ requirements })}
          />
          <Switch
            label={t('rules.continue')}
            hint={t('rules.continue_hint')}
            checked={draft.continue ?? false}
            onChange={(on) => put({ continue: on })}
          />
        </fieldset>
        <FaultList faults={faults.filter((one) => one.field !== 'when')} />
      </form>
    </Dialog>
  );
}
