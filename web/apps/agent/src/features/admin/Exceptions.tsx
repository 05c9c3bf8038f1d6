// Days with hours of their own: closed for a company trip, open on one Saturday.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { TextField } from '@ui/Field';
import { useLanguage, useNow } from '@agent/data/hooks';
import { another, dateName, type Days, type Frame } from './hoursModel';
import { Frames } from './Week';

const DAY_MS = 86_400_000;

interface ExceptionsProps {
  exceptions: Days;
  onChange: (exceptions: Days) => void;
}

export function Exceptions({ exceptions, onChange }: ExceptionsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const yesterday = new Date(useNow(3_600_000) - DAY_MS).toISOString().slice(0, 10);
  const [day, setDay] = useState('');
  const [past, setPast] = useState(false);
  const all = Object.keys(exceptions).sort();
  const over = all.filter((one) => one < yesterday);
  const shown = past ? all : all.filter((one) => one >= yesterday);
  const set = (date: string, frames: readonly Frame[]): void =>
    onChange({ ...exceptions, [date]: frames });
  const remove = (date: string): void => {
    const { [date]: _, ...rest } = exceptions;
    onChange(rest);
  };
  return (
    <div className="stack">
      <div className="row wrap exception-new">
        <TextField
          label={t('hours.day')}
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
        <Button
          icon="plus"
          disabled={!/^\d{4}-\d{2}-\d{2}$/.test(day) || day in exceptions}
          onClick={() => {
            set(day, []);
            setDay('');
          }}
        >
          {t('hours.add_day')}
        </Button>
      </div>
      {shown.length === 0 && <p className="small soft">{t('hours.no_days')}</p>}
      <ul className="plain-list">
        {shown.map((date) => {
          const name = dateName(language, date);
          const frames = exceptions[date] ?? [];
          return (
            <li key={date} className="exception">
              <time dateTime={date} className="exception-day">
                {name}
              </time>
              <div className="grow">
                {frames.length === 0 ? (
                  <span className="soft small">{t('hours.closed')}</span>
                ) : (
                  <Frames name={name} frames={frames} onChange={(now) => set(date, now)} />
                )}
              </div>
              <span className="row">
                <Button
                  small
                  look="quiet"
                  icon="plus"
                  aria-label={t('hours.more_on', { day: name })}
                  onClick={() => set(date, another(frames))}
                >
                  {t('hours.more')}
                </Button>
                <IconButton
                  icon="trash"
                  size={16}
                  label={t('hours.remove_day', { day: name })}
                  onClick={() => remove(date)}
                />
              </span>
            </li>
          );
        })}
      </ul>
      {over.length > 0 && !past && (
        <Button small look="quiet" onClick={() => setPast(true)}>
          {t('hours.past', { count: over.length })}
        </Button>
      )}
    </div>
  );
}
