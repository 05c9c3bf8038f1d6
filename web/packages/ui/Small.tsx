// Small things: chips, faces, banners, countdown rings, tabs.

import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad' | 'note';

interface ChipProps {
  tone?: Tone;
  icon?: IconName;
  title?: string;
  children: ReactNode;
}

export function Chip({ tone = 'plain', icon, title, children }: ChipProps) {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {icon && <Icon name={icon} size={13} />}
      <span className="cut">{children}</span>
    </span>
  );
}

const hash = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7);

/** Initials on a calm ground that stays the same for a name. */
export function Face({
  name,
  size = 'medium',
}: {
  name: string;
  size?: 'small' | 'medium' | 'large';
}) {
  const words = name
    .trim()
    .split(/[\s@._-]+/)
    .filter(Boolean);
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined]
    .map((word) => (word ? ([...word][0] ?? '') : ''))
    .join('')
    .toUpperCase();
  return (
    <span className={`face face-${size} face-${hash(name) % 6}`} aria-hidden="true">
      {letters || '·'}
    </span>
  );
}

interface BannerProps {
  tone: Tone;
  icon?: IconName;
  children: ReactNode;
  action?: ReactNode;
  live?: boolean;
}

export function Banner({ tone, icon = 'alert', children, action, live }: BannerProps) {
  return (
    <div className={`banner banner-${tone}`} role={live ? 'status' : undefined}>
      <Icon name={icon} size={16} />
      <span className="grow">{children}</span>
      {action}
    </div>
  );
}

/** How much of a span is left, 1 to 0, as a ring around a short text. */
export function Ring({
  part,
  tone = 'accent',
  children,
}: {
  part: number;
  tone?: Tone;
  children: ReactNode;
}) {
  const round = 2 * Math.PI * 19;
  return (
    <span className={`ring ring-${tone}`}>
      <svg width="44" height="44" viewBox="0 0 44 44" aria-hidden="true" focusable="false">
        <circle cx="22" cy="22" r="19" className="ring-ground" />
        <circle
          cx="22"
          cy="22"
          r="19"
          className="ring-left"
          strokeDasharray={`${round * Math.max(0, Math.min(1, part))} ${round}`}
          transform="rotate(-90 22 22)"
        />
      </svg>
      <span className="ring-text figures">{children}</span>
    </span>
  );
}

export interface Tab {
  id: string;
  label: string;
  icon?: IconName;
  count?: string;
  alarm?: boolean;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  value: string;
  onChange: (id: string) => void;
  controls?: string;
}

export function Tabs({ label, tabs, value, onChange, controls }: TabsProps) {
  const walk = (step: number): void => {
    const at = tabs.findIndex((tab) => tab.id === value);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`tab-${tab.id}`}
          type="button"
          role="tab"
          className="tab"
          aria-selected={tab.id === value}
          aria-controls={controls}
          tabIndex={tab.id === value ? 0 : -1}
          onClick={() => onChange(tab.id)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') walk(1);
            if (event.key === 'ArrowLeft') walk(-1);
          }}
        >
          {tab.icon && <Icon name={tab.icon} size={14} />}
          <span>{tab.label}</span>
          {tab.count && (
            <span className={tab.alarm ? 'count count-alarm' : 'count'}>{tab.count}</span>
          )}
        </button>
      ))}
    </div>
  );
}
