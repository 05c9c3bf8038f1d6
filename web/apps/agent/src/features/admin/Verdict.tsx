// What the bench found: the way of one message, rule by rule, and the people at its end.

import { useTranslation } from 'react-i18next';
import { fullTime, span } from '@i18n/format';
import { Icon, type IconName } from '@ui/Icon';
import { Banner, Chip, Face, type Tone } from '@ui/Small';
import { useLanguage, useNames } from '@agent/data/hooks';
import { languageName } from './ConditionEditor';
import type { RuleVerdict, Seat, Tried } from './ruleModel';
import { needInWords } from './ruleWords';

const LOOKS: Record<RuleVerdict['outcome'], { tone: Tone; icon: IconName }> = {
  matched: { tone: 'good', icon: 'check' },
  not_matched: { tone: 'plain', icon: 'close' },
  error: { tone: 'bad', icon: 'alert' },
  not_reached: { tone: 'plain', icon: 'more' },
};

const shown = (value: unknown): string =>
  typeof value === 'string' ? `“${value}”` : JSON.stringify(value);

function OneRule({ verdict }: { verdict: RuleVerdict }) {
  const { t } = useTranslation();
  const { tone, icon } = LOOKS[verdict.outcome];
  const open = verdict.outcome !== 'not_reached';
  return (
    <li className={`verdict verdict-${verdict.outcome}`}>
      <span className="row wrap">
        <strong>{verdict.rule}</strong>
        <Chip tone={tone} icon={icon}>
          {t(`rules.outcome.${verdict.outcome}`)}
        </Chip>
      </span>
      {open && (
        <ul className="plain-list verdict-parts">
          {verdict.parts.map((part) => (
            <li key={part.text} className={part.holds ? 'part part-true' : 'part part-false'}>
              <Icon
                name={part.holds ? 'check' : part.holds === null ? 'alert' : 'close'}
                size={14}
              />
              <span className="sr">{t(part.holds ? 'rules.holds' : 'rules.holds_not')}</span>
              <code>{part.text}</code>
              {Object.entries(part.facts)
                .filter(([name]) => name !== 'text')
                .map(([name, value]) => (
                  <span key={name} className="tiny soft">
                    {t('rules.fact', { name, value: shown(value) })}
                  </span>
                ))}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function SeatRow({ seat, first, delivery }: { seat: Seat; first: boolean; delivery: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const language = useLanguage();
  const name = names.person(seat.agent_id);
  const at = seat.at ? fullTime(language, Date.parse(seat.at)) : '';
  const missing = seat.missing.map((one) => {
    const [key = '', level = ''] = one.split('>=');
    return t('why.skill', { skill: names.skill(key), level });
  });
  const code = first ? (delivery === 'push' ? 'first' : 'free') : seat.code;
  return (
    <tr>
      <td>
        <span className="row">
          <Face name={name} size="small" />
          <span className="cut">{name}</span>
        </span>
      </td>
      <td>
        <Chip tone={seat.code === 'free' ? 'good' : seat.code === 'later' ? 'warn' : 'plain'}>
          {t(`rules.seat.${code}`, { at })}
        </Chip>
        {missing.length > 0 && (
          <span className="tiny soft seat-why">
            {t('rules.missing', { list: missing.join(', ') })}
          </span>
        )}
      </td>
      <td className="figures only-wide">
        {seat.used} / {seat.cap}
      </td>
    </tr>
  );
}

function Seats({ told }: { told: Tried }) {
  const { t } = useTranslation();
  if (told.seats.length === 0) return <p className="soft small">{t('rules.nobody')}</p>;
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('word.agent')}</th>
          <th scope="col">{t('rules.now')}</th>
          <th scope="col" className="figures only-wide">
            {t('word.load')}
          </th>
        </tr>
      </thead>
      <tbody>
        {told.seats.map((seat) => (
          <SeatRow
            key={seat.agent_id}
            seat={seat}
            delivery={told.delivery}
            first={seat.agent_id === told.offer?.agent_id}
          />
        ))}
      </tbody>
    </table>
  );
}

function Facts({ told }: { told: Tried }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { message } = told;
  const facts = [
    [t('rules.of.language'), message.language && languageName(language, message.language)],
    [t('rules.bench_from'), message.address],
    [t('rules.of.subject'), message.subject],
    [t('rules.of.customer_known'), t(message.known ? 'rules.yes' : 'rules.no')],
    [t('rules.of.customer_tier'), t(`tier.${message.tier}`)],
    [t('rules.of.automated'), t(`rules.automated.${message.automated}`)],
  ].filter(([, value]) => value);
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="cut">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Verdict({ told }: { told: Tried }) {
  const { t } = useTranslation();
  const names = useNames();
  const language = useLanguage();
  const why = told.why.code.startsWith('rule:') ? 'rule' : told.why.code;
  const rule = told.why.code.slice(5);
  return (
    <div className="stack bench-result">
      <div className="bench-way">
        <p className="bench-queue">
          <Icon name="inbox" size={20} />
          <strong>{names.queue(told.queue_id)}</strong>
          <span className="soft small">{names.department(told.department_id)}</span>
        </p>
        <p className="small">
          {why === 'rule' ? t('rules.why_rule', { rule }) : t(`why.${why}`)}{' '}
          {told.due_at &&
            t('rules.due', {
              span: span(language, told.target_s * 1000),
              at: fullTime(language, Date.parse(told.due_at)),
            })}
        </p>
        <p className="row wrap">
          {told.tier !== 'standard' && <Chip tone="accent">{t(`tier.${told.tier}`)}</Chip>}
          {told.urgency !== 'normal' && <Chip>{t(`rules.urgency.${told.urgency}`)}</Chip>}
          {told.needs.map((need) => (
            <Chip key={need.skill} icon="skill">
              {needInWords(t, names, need)}
            </Chip>
          ))}
        </p>
      </div>
      {told.queue_gone && <Banner tone="bad">{t('rules.queue_missing')}</Banner>}
      {!told.open && (
        <Banner tone="warn" icon="clock">
          {told.opens_at
            ? t('rules.closed_until', { at: fullTime(language, Date.parse(told.opens_at)) })
            : t('rules.closed')}
        </Banner>
      )}
      <h3>{t('rules.understood')}</h3>
      <Facts told={told} />
      <h3>{t('rules.each')}</h3>
      {told.rules.length === 0 && <p className="soft small">{t('rules.none')}</p>}
      <ol className="plain-list verdicts">
        {told.rules.map((one) => (
          <OneRule key={one.rule} verdict={one} />
        ))}
      </ol>
      <h3>{t('rules.who')}</h3>
      <Seats told={told} />
    </div>
  );
}
