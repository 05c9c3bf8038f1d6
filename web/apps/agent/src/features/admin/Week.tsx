// The week of a calendar: a bar per day, its frames by fields, copied to other days in one step.

import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { useLanguage } from '@agent/data/hooks';
import {
  another,
  DAY_MINUTES,
  dayName,
  faultOf,
  FRAMES_MAX,
  inDay,
  keptEnd,
  minutes,
  shownEnd,
  WEEK,
  type Days,
  type Frame,
} from './hoursModel';

const NIGHTS = [6, 12, 18];

/** The day from midnight to midnight; what is open is filled. */
export function DayBar({ frames }: { frames: readonly Frame[] }) {
  return (
    <svg
      className="day-bar"
      viewBox={`0 0 ${DAY_MINUTES} 16`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect className="day-bar-ground" width={DAY_MINUTES} height="16" />
      {frames
        .filter(([from, to]) => minutes(to) > minutes(from))
        .map(([from, to]) => (
          <rect
            key={from + to}
            className="day-bar-open"
            x={minutes(from)}
            width={minutes(to) - minutes(from)}
            height="16"
          />
        ))}
      {NIGHTS.map((hour) => (
        <rect key={hour} className="day-bar-tick" x={hour * 60} width="3" height="16" />
      ))}
    </svg>
  );
}

interface FramesProps {
  name: string;
  frames: readonly Frame[];
  onChange: (frames: readonly Frame[]) => void;
}

/** The frames of one day as pairs of times; each can be taken away, another added. */
export function Frames({ name, frames, onChange }: FramesProps) {
  const { t } = useTranslation();
  const put = (at: number, frame: Frame): void =>
    onChange(frames.map((one, n) => (n === at ? frame : one)));
  const fault = faultOf(frames);
  return (
    <div className="stack-tight frames" onBlur={() => onChange(inDay(frames))}>
      {frames.map(([from, to], at) => (
        // a frame is nothing but its place
        <div key={at} className="row">
          <input
            type="time"
            className="input time-input"
            aria-label={t('hours.from', { day: name, number: at + 1 })}
            aria-invalid={fault !== undefined || undefined}
            value={from}
            step={300}
            onChange={(event) => put(at, [event.target.value, to])}
          />
          <span aria-hidden="true">–</span>
          <input
            type="time"
            className="input time-input"
            aria-label={t('hours.to', { day: name, number: at + 1 })}
            aria-invalid={fault !== undefined || undefined}
            value={shownEnd(to)}
            step={300}
            onChange={(event) => put(at, [from, keptEnd(event.target.value)])}
          />
          <IconButton
            icon="close"
            size={15}
            label={t('hours.less', { day: name, number: at + 1 })}
            onClick={() => onChange(frames.filter((_, n) => n !== at))}
          />
        </div>
      ))}
      {fault && (
        <p className="field-error" role="alert">
          <Icon name="alert" size={14} /> {t(`hours.fault.${fault}`)}
        </p>
      )}
    </div>
  );
}

interface WeekProps {
  frames: Days;
  onChange: (frames: Days) => void;
}

export function Week({ frames, onChange }: WeekProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const set = (day: string, mine: readonly Frame[]): void => onChange({ ...frames, [day]: mine });
  const copy = (day: string, days: readonly string[]): void =>
    onChange({ ...frames, ...Object.fromEntries(days.map((one) => [one, frames[day] ?? []])) });
  return (
    <ul className="plain-list week">
      {WEEK.map((day) => {
        const mine = frames[day] ?? [];
        const name = dayName(language, day);
        return (
          <li key={day} className="week-day">
            <span className="week-name">{name}</span>
            <DayBar frames={mine} />
            <div className="week-frames">
              {mine.length === 0 ? (
                <span className="soft small">{t('hours.closed')}</span>
              ) : (
                <Frames name={name} frames={mine} onChange={(now) => set(day, now)} />
              )}
            </div>
            <span className="row week-acts">
              <Button
                small
                look="quiet"
                icon="plus"
                disabled={mine.length >= FRAMES_MAX}
                aria-label={t('hours.more_on', { day: name })}
                onClick={() => set(day, another(mine))}
              >
                {t('hours.more')}
              </Button>
              <Menu
                label={t('hours.copy', { day: name })}
                side="right"
                button={<Icon name="more" size={16} />}
                items={[
                  {
                    id: 'workdays',
                    label: t('hours.copy_workdays'),
                    onSelect: () => copy(day, WEEK.slice(0, 5)),
                  },
                  {
                    id: 'every',
                    label: t('hours.copy_every'),
                    onSelect: () => copy(day, WEEK),
                  },
                  'line',
                  {
                    id: 'close',
                    label: t('hours.close_day'),
                    disabled: mine.length === 0,
                    onSelect: () => set(day, []),
                  },
                ]}
              />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
