// What reaches this person and how: per kind on the screen, by sound, by the system; quiet hours; devices.

import { useTranslation } from 'react-i18next';
import { NOTICE_KINDS, WAYS, type NoticeKind, type Way } from '@api/settings';
import { IconButton } from '@ui/Button';
import { Range, Switch, TextField } from '@ui/Field';
import { toasts } from '@ui/Toasts';
import { useSettings } from '@agent/data/settings';
import { play } from '@agent/parts/sound';
import { Devices } from './Devices';

/** What lives for seconds is not mailed; the rest is gathered into one mail. */
const mailed = (kind: NoticeKind): boolean => kind !== 'offer' && kind !== 'message';
const canGo = (kind: NoticeKind, way: Way): boolean => way !== 'email' || mailed(kind);
const DAYS = [0, 1, 2, 3, 4, 5, 6];
/** A Monday: its week gives the names of the days. */
const MONDAY = Date.UTC(2026, 10, 23, 12);
const DAY_MS = 86_400_000;

function Kind({ kind }: { kind: NoticeKind }) {
  const { t } = useTranslation();
  const { settings, change } = useSettings();
  const name = t(`notice.${kind}`);
  const preview = (): void => {
    const ways = settings.notify[kind];
    if (ways.screen) toasts.show({ text: t('notice.preview', { name }) });
    if (ways.sound) play(kind, settings.volume, 'chat');
    if (ways.os && typeof Notification !== 'undefined' && Notification.permission === 'granted')
      new Notification(name, { body: t('notice.preview', { name }), tag: `preview ${kind}` });
  };
  return (
    <tr>
      <th scope="row">{name}</th>
      {WAYS.map((way) => (
        <td key={way}>
          {canGo(kind, way) && (
            <input
              type="checkbox"
              className="way"
              aria-label={`${name}: ${t(`settings.way.${way}`)}`}
              checked={settings.notify[kind][way]}
              onChange={(event) => change({ notify: { [kind]: { [way]: event.target.checked } } })}
            />
          )}
        </td>
      ))}
      <td>
        <IconButton icon="play" size={15} label={t('settings.try', { name })} onClick={preview} />
      </td>
    </tr>
  );
}

function Quiet() {
  const { t, i18n } = useTranslation();
  const { settings, change } = useSettings();
  const { quiet } = settings;
  const names = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' });
  return (
    <section className="card form-card stack">
      <h2>{t('settings.quiet')}</h2>
      <Switch
        label={t('settings.quiet_on')}
        hint={t('settings.quiet_hint')}
        checked={quiet !== null}
        onChange={(on) => change({ quiet: on ? { from: '20:00', to: '07:00', days: [] } : null })}
      />
      {quiet && (
        <>
          <div className="row wrap">
            {(['from', 'to'] as const).map((end) => (
              <TextField
                key={end}
                type="time"
                required
                label={t(`settings.quiet_${end}`)}
                value={quiet[end]}
                onChange={(event) =>
                  event.target.value && change({ quiet: { ...quiet, [end]: event.target.value } })
                }
              />
            ))}
          </div>
          <fieldset className="days">
            <legend className="small">{t('settings.quiet_days')}</legend>
            {DAYS.map((day) => {
              const on = quiet.days.length === 0 || quiet.days.includes(day);
              return (
                <label key={day} className="day">
                  <input
                    type="checkbox"
                    checked={on}
                    onChange={() => {
                      const all = quiet.days.length === 0 ? DAYS : quiet.days;
                      const days = on ? all.filter((one) => one !== day) : [...all, day].sort();
                      change({ quiet: { ...quiet, days: days.length === 7 ? [] : days } });
                    }}
                  />
                  <span>{names.format(MONDAY + day * DAY_MS)}</span>
                </label>
              );
            })}
          </fieldset>
        </>
      )}
    </section>
  );
}

export function NoticesPage() {
  const { t } = useTranslation();
  const { settings, change } = useSettings();
  return (
    <>
      <section className="card form-card stack">
        <h2>{t('settings.notices')}</h2>
        <table className="table ways">
          <thead>
            <tr>
              <th scope="col">{t('settings.what')}</th>
              {WAYS.map((way) => (
                <th key={way} scope="col">
                  {t(`settings.way.${way}`)}
                </th>
              ))}
              <th scope="col">
                <span className="sr">{t('settings.preview')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {NOTICE_KINDS.map((kind) => (
              <Kind key={kind} kind={kind} />
            ))}
          </tbody>
        </table>
        <p className="small soft">{t('settings.email_hint')}</p>
        <Range
          label={t('settings.volume')}
          value={settings.volume}
          min={0}
          max={100}
          step={10}
          said={t('settings.percent', { value: settings.volume })}
          onChange={(volume) => change({ volume })}
        />
      </section>
      <Quiet />
      <Devices />
    </>
  );
}
