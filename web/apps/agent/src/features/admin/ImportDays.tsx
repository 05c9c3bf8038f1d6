// Days of rest from a file: chosen, shown first, taken over; each can be struck off again.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Banner, Chip } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';
import { dateName, type CalendarRow } from './hoursModel';
import './targets.css';

interface Found {
  name: string;
  days: { date: string; name: string; known: boolean; exception: boolean }[];
  passed_over: Record<string, number>;
}

interface ImportProps {
  row: CalendarRow | undefined;
  imported: Readonly<Record<string, string>>;
  onChange: (imported: Readonly<Record<string, string>>) => void;
}

function Preview({
  found,
  onTake,
  onDrop,
}: {
  found: Found;
  onTake: () => void;
  onDrop: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const fresh = found.days.filter((one) => !one.known).length;
  const passed = Object.entries(found.passed_over);
  return (
    <section className="stack" aria-label={t('hours.import_preview')}>
      <Banner
        tone="accent"
        icon="file"
        live
        action={
          <span className="row">
            <Button small look="quiet" onClick={onDrop}>
              {t('ui.cancel')}
            </Button>
            <Button small look="primary" disabled={fresh === 0} onClick={onTake}>
              {t('hours.import_take', { count: fresh })}
            </Button>
          </span>
        }
      >
        {t('hours.import_found', { count: found.days.length, name: found.name })}
      </Banner>
      {passed.length > 0 && (
        <p className="tiny soft">
          {t('hours.import_passed', {
            list: passed
              .map(([why, count]) => t(`hours.import_passed.${why}`, { count }))
              .join(', '),
          })}
        </p>
      )}
      <ul className="plain-list import-days" tabIndex={0} aria-label={t('hours.import_preview')}>
        {found.days.map((one) => (
          <li key={one.date}>
            <time dateTime={one.date} className="figures small">
              {dateName(language, one.date)}
            </time>
            <span>{one.name}</span>
            {one.known && <Chip>{t('hours.import_known')}</Chip>}
            {one.exception && <Chip tone="warn">{t('hours.import_exception')}</Chip>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ImportDays({ row, imported, onChange }: ImportProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [found, setFound] = useState<Found>();
  const today = new Date(useNow(3_600_000)).toISOString().slice(0, 10);
  const kept = Object.entries(imported)
    .filter(([day]) => day >= today)
    .sort(([one], [two]) => (one < two ? -1 : 1));
  const look = (file: File | undefined): void => {
    if (!file || !row) return;
    void run(async () => {
      const text = await file.text();
      setFound(await client.post<Found>(`/v1/calendars/${row.id}/import`, { body: { text } }));
    });
  };
  if (!row) return <p className="small soft">{t('hours.import_later')}</p>;
  return (
    <div className="stack">
      <label className="file-pick">
        <span className="button button-plain">
          {t(busy ? 'ui.loading' : 'hours.import_choose')}
        </span>
        <input
          type="file"
          className="sr"
          accept=".ics,text/calendar"
          onChange={(event) => {
            look(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </label>
      {found && (
        <Preview
          found={found}
          onDrop={() => setFound(undefined)}
          onTake={() => {
            const days = found.days.map((one): [string, string] => [one.date, one.name]);
            onChange({ ...imported, ...Object.fromEntries(days) });
            setFound(undefined);
          }}
        />
      )}
      {kept.length > 0 && (
        <ul className="plain-list import-days" tabIndex={0} aria-label={t('hours.imported')}>
          {kept.map(([day, name]) => (
            <li key={day}>
              <time dateTime={day} className="figures small">
                {dateName(language, day)}
              </time>
              <span className="grow">{name}</span>
              <IconButton
                icon="trash"
                size={16}
                label={t('hours.remove_day', { day: dateName(language, day) })}
                onClick={() => {
                  const { [day]: _, ...rest } = imported;
                  onChange(rest);
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
