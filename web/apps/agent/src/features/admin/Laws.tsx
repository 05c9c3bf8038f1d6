// Deadlines of the law this house knows: their rule in words, where it ends if it began today.

import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Async } from '@ui/Async';
import { Chip } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { useRowsOf } from './list';

interface LawRow {
  key: string;
  name: Record<string, string>;
  unit: string;
  amount: number;
  extended: number | null;
  roll: boolean;
  unverified: boolean;
  extended_unverified: boolean;
  example: { due_at: string };
}

export function Laws() {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useRowsOf<LawRow>('/v1/deadline_templates');
  const rule = (row: LawRow): string =>
    [
      t(`law.unit.${row.unit}`, { count: row.amount }),
      row.extended
        ? t('laws.at_most', { time: t(`law.unit.${row.unit}`, { count: row.extended }) })
        : '',
      row.roll ? t('laws.rolls') : '',
    ]
      .filter(Boolean)
      .join(', ');
  return (
    <section className="card form-card stack" aria-label={t('laws.title')}>
      <div>
        <h2>{t('laws.title')}</h2>
        <p className="small soft">{t('laws.hint')}</p>
      </div>
      <Async loading={list.loading} error={list.error} retry={list.retry}>
        <dl className="won">
          {list.rows.map((row) => (
            <div key={row.key}>
              <dt>
                {row.name[language] ??
                  t(`law.${row.key}`, { defaultValue: row.key.replaceAll('_', ' ') })}
              </dt>
              <dd>
                <span className="row wrap">
                  <span>{rule(row)}</span>
                  {row.unverified && (
                    <Chip tone="warn" icon="alert">
                      {t('laws.unverified')}
                    </Chip>
                  )}
                  {!row.unverified && row.extended !== null && row.extended_unverified && (
                    <Chip tone="warn" icon="alert">
                      {t('laws.extension_unverified')}
                    </Chip>
                  )}
                </span>
                <span className="tiny soft">
                  {t('laws.example', {
                    time: mediumTime(language, Date.parse(row.example.due_at)),
                  })}
                </span>
              </dd>
            </div>
          ))}
        </dl>
      </Async>
    </section>
  );
}
