// The filters of a timeline: words, channel, kind, department; in one narrow strip.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { useSetup } from '@agent/data/hooks';
import { CHANNELS } from '@agent/parts/channels';
import type { Filters } from './timelineRows';

const KINDS = ['in', 'out', 'note'];

interface PillProps {
  label: string;
  all: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}

export function Pill({ label, all, value, options, onChange }: PillProps) {
  return (
    <span className={value ? 'customer-choice customer-choice-on' : 'customer-choice'}>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" size={12} />
    </span>
  );
}

interface FiltersProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function TimelineFilters({ filters, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const set = (part: Partial<Filters>): void => onChange({ ...filters, ...part });
  return (
    <div className="timeline-filters" role="search" aria-label={t('customer.timeline_filter')}>
      <span className="finder">
        <Icon name="search" size={14} />
        <input
          type="search"
          className="finder-input"
          aria-label={t('customer.timeline_search')}
          placeholder={t('customer.timeline_search')}
          value={filters.q}
          maxLength={200}
          onChange={(event) => set({ q: event.target.value })}
        />
      </span>
      <div className="row wrap">
        <Pill
          label={t('customer.filter_channel')}
          all={t('customer.all_channels')}
          value={filters.channel}
          options={CHANNELS.map((kind) => [kind, t(`channel.${kind}`)] as const)}
          onChange={(channel) => set({ channel })}
        />
        <Pill
          label={t('customer.filter_kind')}
          all={t('customer.all_kinds')}
          value={filters.kind}
          options={KINDS.map((kind) => [kind, t(`customer.kind_${kind}`)] as const)}
          onChange={(kind) => set({ kind })}
        />
        {departments.length > 1 && (
          <Pill
            label={t('customer.filter_department')}
            all={t('customer.all_departments')}
            value={filters.department}
            options={departments.map((one) => [one.id, one.name] as const)}
            onChange={(department) => set({ department })}
          />
        )}
      </div>
    </div>
  );
}
