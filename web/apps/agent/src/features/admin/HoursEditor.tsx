// One calendar on the whole page: its week, its holidays, its own days; saved together.

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Switch, TextField } from '@ui/Field';
import { Exceptions } from './Exceptions';
import { Holidays } from './Holidays';
import { ImportDays } from './ImportDays';
import { faultOf, inDay, type CalendarRow, type Days } from './hoursModel';
import { SaveBar } from './SaveBar';
import { Week } from './Week';
import { seen, useSave } from './list';
import './hours.css';
import './rules.css';

type Draft = Omit<CalendarRow, 'id' | 'version' | 'open' | 'opens_at'>;

const FRESH: Draft = {
  name: '',
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  always: false,
  frames: Object.fromEntries(['1', '2', '3', '4', '5'].map((day) => [day, [['09:00', '17:00']]])),
  exceptions: {},
  country: null,
  worked: [],
  imported: {},
};

const draftOf = (row: CalendarRow | undefined): Draft =>
  row
    ? {
        name: row.name,
        zone: row.zone,
        always: row.always,
        frames: row.frames,
        exceptions: row.exceptions,
        country: row.country,
        worked: row.worked,
        imported: row.imported,
      }
    : FRESH;

const tidy = (days: Days): Days =>
  Object.fromEntries(Object.entries(days).map(([day, frames]) => [day, inDay(frames)]));

const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="card admin-card admin-pad stack" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {hint && <p className="small soft">{hint}</p>}
      </header>
      {children}
    </section>
  );
}

export function HoursEditor({ row, onClose }: { row?: CalendarRow; onClose: () => void }) {
  const { t } = useTranslation();
  const saving = useSave();
  const [draft, setDraft] = useState<Draft>(() => draftOf(row));
  const change = (part: Partial<Draft>): void => setDraft((was) => ({ ...was, ...part }));
  const names = Object.keys(draft) as (keyof Draft)[];
  const before = draftOf(row);
  const changed = names.filter(
    (name) => JSON.stringify(draft[name]) !== JSON.stringify(before[name]),
  );
  const wrong = [...Object.values(draft.frames), ...Object.values(draft.exceptions)].some(
    (frames) => faultOf(inDay(frames)) !== undefined,
  );
  const ready = draft.name.trim() !== '' && !wrong;
  const save = async (): Promise<void> => {
    if (!ready) return;
    const body = { ...draft, frames: tidy(draft.frames), exceptions: tidy(draft.exceptions) };
    const done = await saving.save(() =>
      row
        ? saving.client.patch(`/v1/calendars/${row.id}`, { body, headers: seen(row) })
        : saving.client.post('/v1/calendars', { body }),
    );
    if (done) onClose();
  };
  return (
    <div className="hours">
      <header className="row wrap admin-head">
        <div className="grow">
          <h1>{row ? row.name : t('hours.new')}</h1>
          <p className="soft">{t('hours.hint')}</p>
        </div>
        <Button icon="left" onClick={onClose}>
          {t('hours.back')}
        </Button>
      </header>
      <Part title={t('hours.about')}>
        <div className="schema-grid">
          <TextField
            label={t('admin.name')}
            value={draft.name}
            maxLength={200}
            onChange={(event) => change({ name: event.target.value })}
          />
          <TextField
            label={t('hours.zone')}
            value={draft.zone}
            list="hours-zones"
            onChange={(event) => change({ zone: event.target.value })}
          />
          <datalist id="hours-zones">
            {zones().map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        <Switch
          label={t('hours.always')}
          hint={t('hours.always_hint')}
          checked={draft.always}
          onChange={(always) => change({ always })}
        />
      </Part>
      {!draft.always && (
        <>
          <Part title={t('hours.week')}>
            <Week frames={draft.frames} onChange={(frames) => change({ frames })} />
          </Part>
          <Part title={t('hours.holidays')}>
            <Holidays
              country={draft.country}
              worked={draft.worked}
              onChange={(country, worked) => change({ country, worked })}
            />
          </Part>
          <Part title={t('hours.import')} hint={t('hours.import_hint')}>
            <ImportDays
              row={row}
              imported={draft.imported}
              onChange={(imported) => change({ imported })}
            />
          </Part>
          <Part title={t('hours.days')} hint={t('hours.days_hint')}>
            <Exceptions
              exceptions={draft.exceptions}
              onChange={(exceptions) => change({ exceptions })}
            />
          </Part>
        </>
      )}
      <SaveBar
        count={changed.length}
        busy={saving.busy}
        ready={ready}
        onSave={() => void save()}
        onDiscard={() => setDraft(before)}
      />
    </div>
  );
}
