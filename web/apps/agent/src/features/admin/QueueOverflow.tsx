// Overflow: what people who wait are told, when work goes elsewhere, before it waits and while it does.

import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import { Button, IconButton } from '@ui/Button';
import { Select, Switch, TextField } from '@ui/Field';
import { useSetup } from '@agent/data/hooks';
import {
  AFTER,
  BEFORE,
  DO_AFTER,
  DO_BEFORE,
  RULES_MAX,
  compared,
  condition,
  counted,
  rule,
  typed,
  type Condition,
  type Overflow,
} from './overflowModel';
import type { QueueDraft } from './queueModel';

interface OverflowProps {
  draft: QueueDraft;
  change: (part: Partial<QueueDraft>) => void;
  id?: string;
}

interface ConditionProps {
  one: Condition;
  facts: readonly string[];
  onChange: (one: Condition) => void;
  onRemove?: () => void;
}

function ConditionEditor({ one, facts, onChange, onRemove }: ConditionProps) {
  const { t } = useTranslation();
  return (
    <div className="row wrap">
      <Select
        label={t('overflow.fact')}
        value={one.fact}
        options={facts.map((value) => ({ value, label: t(`overflow.fact.${value}`) }))}
        onChange={(fact) => onChange(condition(fact))}
      />
      {counted(one.fact) && (
        <TextField
          label={t(`overflow.than.${one.fact}`)}
          inputMode="decimal"
          value={typed(one)}
          onChange={(event) => onChange(compared(one.fact, event.target.value))}
        />
      )}
      {onRemove && <IconButton icon="trash" label={t('overflow.drop_fact')} onClick={onRemove} />}
    </div>
  );
}

interface ActionProps {
  one: Overflow;
  does: readonly string[];
  own?: string | undefined;
  onChange: (action: Overflow['action']) => void;
}

function ActionEditor({ one, does, own, onChange }: ActionProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const { action } = one;
  return (
    <>
      <div className="clause clause-two">
        <Select
          label={t('overflow.do')}
          value={action.do}
          options={does.map((value) => ({ value, label: t(`overflow.do.${value}`) }))}
          onChange={(what) => onChange({ ...action, do: what })}
        />
        {action.do === 'queue' && (
          <Select
            label={t('word.queue')}
            value={action.queue_id ?? ''}
            options={[
              { value: '', label: t('overflow.choose_queue') },
              ...queues
                .filter((queue) => queue.id !== own)
                .map((queue) => ({ value: queue.id, label: queue.name })),
            ]}
            onChange={(queue_id) => onChange({ ...action, queue_id: queue_id || null })}
          />
        )}
      </div>
      {(action.do === 'message' || action.do === 'form') &&
        LANGUAGES.map((language) => (
          <TextField
            key={language}
            label={t('overflow.text', { language: LANGUAGE_NAMES[language] })}
            lang={language}
            maxLength={500}
            value={action.text?.[language] ?? ''}
            onChange={(event) =>
              onChange({ ...action, text: { ...action.text, [language]: event.target.value } })
            }
          />
        ))}
    </>
  );
}

interface RulesProps {
  side: 'before' | 'after';
  rules: readonly Overflow[];
  own?: string | undefined;
  onChange: (rules: Overflow[]) => void;
}

function Rules({ side, rules, own, onChange }: RulesProps) {
  const { t } = useTranslation();
  const [facts, does] = side === 'before' ? [BEFORE, DO_BEFORE] : [AFTER, DO_AFTER];
  const put = (at: number, next: Overflow): void =>
    onChange(rules.map((one, n) => (n === at ? next : one)));
  return (
    <fieldset className="rule-part stack">
      <legend>{t(`overflow.${side}`)}</legend>
      <p className="soft small">{t(`overflow.${side}_hint`)}</p>
      <ol className="plain-list stack">
        {rules.map((one, at) => (
          <li key={at} className="rule-part stack">
            <div className="row">
              <Select
                label={t('overflow.when')}
                value={one.when}
                options={(['any', 'all'] as const).map((value) => ({
                  value,
                  label: t(`overflow.when.${value}`),
                }))}
                onChange={(when) => put(at, { ...one, when: when === 'all' ? 'all' : 'any' })}
              />
              <span className="grow" />
              <IconButton
                icon="trash"
                label={t('overflow.remove', { place: at + 1 })}
                onClick={() => onChange(rules.filter((_, n) => n !== at))}
              />
            </div>
            {one.conditions.map((each, n) => (
              <ConditionEditor
                key={n}
                one={each}
                facts={facts}
                onChange={(next) =>
                  put(at, {
                    ...one,
                    conditions: one.conditions.map((c, m) => (m === n ? next : c)),
                  })
                }
                {...(one.conditions.length > 1 && {
                  onRemove: () =>
                    put(at, { ...one, conditions: one.conditions.filter((_, m) => m !== n) }),
                })}
              />
            ))}
            {one.conditions.length < RULES_MAX && (
              <div className="row">
                <Button
                  small
                  icon="plus"
                  onClick={() =>
                    put(at, {
                      ...one,
                      conditions: [...one.conditions, condition(facts[0] ?? 'closed')],
                    })
                  }
                >
                  {t('overflow.add_fact')}
                </Button>
              </div>
            )}
            <ActionEditor
              one={one}
              does={does}
              own={own}
              onChange={(action) => put(at, { ...one, action })}
            />
          </li>
        ))}
      </ol>
      {rules.length < RULES_MAX && (
        <div className="row">
          <Button small icon="plus" onClick={() => onChange([...rules, rule(facts, '')])}>
            {t('overflow.add')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

export function QueueOverflow({ draft, change, id }: OverflowProps) {
  const { t } = useTranslation();
  const { announce } = draft;
  return (
    <>
      <Switch
        label={t('overflow.position')}
        checked={announce.position}
        onChange={(position) => change({ announce: { ...announce, position } })}
      />
      <Switch
        label={t('overflow.wait')}
        hint={t('overflow.wait_hint')}
        checked={announce.wait}
        onChange={(wait) => change({ announce: { ...announce, wait } })}
      />
      <Switch
        label={t('overflow.callback')}
        hint={t('overflow.callback_hint')}
        checked={draft.callback}
        onChange={(callback) => change({ callback })}
      />
      <TextField
        label={t('overflow.max_waiting')}
        hint={t('overflow.max_waiting_hint')}
        inputMode="numeric"
        placeholder={t('overflow.no_limit')}
        value={draft.max_waiting}
        onChange={(event) => change({ max_waiting: event.target.value })}
      />
      <Rules
        side="before"
        rules={draft.overflow_before}
        own={id}
        onChange={(overflow_before) => change({ overflow_before })}
      />
      <Rules
        side="after"
        rules={draft.overflow_after}
        own={id}
        onChange={(overflow_after) => change({ overflow_after })}
      />
    </>
  );
}
