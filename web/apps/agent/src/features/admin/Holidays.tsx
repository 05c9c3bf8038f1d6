// Public holidays of a country year by year; each can be struck off by those who work through it.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { IconButton } from '@ui/Button';
import { Check, Select } from '@ui/Field';
import { asError } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';
import { dateName } from './hoursModel';

const COUNTRIES = ['AT', 'CZ', 'DE', 'GB', 'PL', 'RU', 'SK'] as const;
const HOUR_MS = 3_600_000;

interface HolidaysProps {
  country: string | null;
  worked: readonly string[];
  onChange: (country: string | null, worked: readonly string[]) => void;
}

function Year({
  country,
  worked,
  onChange,
}: {
  country: string;
  worked: readonly string[];
  onChange: (worked: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client } = useWorkspace();
  const now = new Date(useNow(HOUR_MS)).getFullYear();
  const [year, setYear] = useState(now);
  const query = useQuery({
    queryKey: ['admin', 'holidays', country, year],
    queryFn: () =>
      client.get<{ items: { date: string; key: string }[] }>(
        `/v1/holidays?country=${country}&year=${year}`,
      ),
  });
  const rows = query.data?.items ?? [];
  return (
    <>
      <div className="row year-bar">
        <IconButton
          icon="left"
          label={t('hours.year_before')}
          disabled={year <= now - 1}
          onClick={() => setYear(year - 1)}
        />
        <strong className="figures" role="status">
          {year}
        </strong>
        <IconButton
          icon="right"
          label={t('hours.year_after')}
          disabled={year >= now + 5}
          onClick={() => setYear(year + 1)}
        />
        <span className="small soft">
          {t('hours.closed_days', {
            count: rows.filter((one) => !worked.includes(one.key)).length,
          })}
        </span>
      </div>
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
      >
        <ul className="plain-list holiday-list">
          {rows.map(({ date, key }) => (
            <li key={date} className="row">
              <Check
                label={t(`holiday.${key}`)}
                checked={!worked.includes(key)}
                onChange={(on) =>
                  onChange(on ? worked.filter((one) => one !== key) : [...worked, key])
                }
              />
              <time className="small soft figures" dateTime={date}>
                {dateName(language, date)}
              </time>
            </li>
          ))}
        </ul>
      </Async>
    </>
  );
}

export function Holidays({ country, worked, onChange }: HolidaysProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = new Intl.DisplayNames(language, { type: 'region' });
  return (
    <div className="stack">
      <Select
        label={t('hours.country')}
        hint={t('hours.country_hint')}
        value={country ?? ''}
        onChange={(value) => onChange(value || null, value === country ? worked : [])}
        options={[
          { value: '', label: t('hours.no_country') },
          ...COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value })),
        ]}
      />
      {country && (
        <Year
          key={country}
          country={country}
          worked={worked}
          onChange={(now) => onChange(country, now)}
        />
      )}
    </div>
  );
}
