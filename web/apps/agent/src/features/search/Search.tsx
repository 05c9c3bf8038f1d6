// Search over all history: one line with words and filters, which is also the address of the page.

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { ApiProblem } from '@api/problem';
import { asError } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { go, href, useRoute } from '@agent/data/router';
import { CHANNELS } from '@agent/parts/channels';
import { askable, limitOf, withLimit, without } from './model';
import { Chips, Lag, Results, type Answer } from './Results';
import './search.css';

const PATIENCE_MS = 250;
const KINDS = ['in', 'out', 'note', 'case'] as const;
const STATES = ['open', 'wait_customer', 'wait_third_party', 'solved', 'closed'] as const;

function useAnswers(line: string) {
  const { client } = useWorkspace();
  return useInfiniteQuery({
    queryKey: ['history', line],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const query = { q: line, cursor: pageParam };
      return { ...(await client.get<Omit<Answer, 'line'>>('/v1/search', { query, signal })), line };
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: askable(line),
  });
}

/** The line is typed here at once, and asked and put into the address a moment later. */
function useLine(): [string, string, (line: string) => void] {
  const { query } = useRoute();
  const asked = query.get('q') ?? '';
  const [line, setLine] = useState(asked);
  const sent = useRef(asked);
  useEffect(() => {
    if (asked !== sent.current) setLine((sent.current = asked)); // back, forward, a link
  }, [asked]);
  useEffect(() => {
    if (line === sent.current) return undefined;
    const timer = setTimeout(
      () => go(href('search', { q: (sent.current = line) }), true),
      PATIENCE_MS,
    );
    return () => clearTimeout(timer);
  }, [line]);
  return [line, asked, setLine];
}

interface PickProps {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}

function Pick({ label, value, options, onChange }: PickProps) {
  const typed = value !== '' && options.every(([key]) => key !== value);
  return (
    <span className={value ? 'customer-choice customer-choice-on' : 'customer-choice'}>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{label}</option>
        {typed && <option value={value}>{value}</option>}
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

function Filters({ line, onChange }: { line: string; onChange: (line: string) => void }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const set = (key: string) => (value: string) => onChange(withLimit(line, key, value));
  const states = STATES.map((one) => [one, t(`case.state.${one}`)] as const);
  const places = departments.map((one) => [one.name, one.name] as const);
  const channels = CHANNELS.map((one) => [one, t(`channel.${one}`)] as const);
  const kinds = KINDS.map((one) => [one, t(`find.kind_${one}`)] as const);
  const pills = [
    ['kind', kinds],
    ['channel', channels],
    ['department', places],
    ['state', states],
  ] as const;
  return (
    <>
      {pills.map(([key, options]) => (
        <Pick
          key={key}
          label={t(`find.by_${key}`)}
          value={limitOf(line, key)}
          options={options}
          onChange={set(key)}
        />
      ))}
      <Button
        small
        icon="clip"
        aria-pressed={limitOf(line, 'has') === 'file'}
        onClick={() => set('has')(limitOf(line, 'has') ? '' : 'file')}
      >
        {t('find.has_file')}
      </Button>
    </>
  );
}

const Day = ({
  name,
  line,
  onChange,
}: {
  name: 'from' | 'to';
  line: string;
  onChange: (line: string) => void;
}) => {
  const { t } = useTranslation();
  return (
    <label className="find-day tiny soft">
      {t(`find.${name}`)}
      <input
        type="date"
        value={limitOf(line, name)}
        onChange={(event) => onChange(withLimit(line, name, event.target.value))}
      />
    </label>
  );
};

export function Search() {
  const { t } = useTranslation();
  const [line, asked, setLine] = useLine();
  const list = useRef<HTMLDivElement>(null);
  const query = useAnswers(asked);
  const pages = query.data?.pages ?? [];
  const first = askable(asked) ? pages[0] : undefined;
  // Only signs so far, or only what is not wanted: nothing to be found, and no failure either.
  const early = query.error instanceof ApiProblem && query.error.code === 'search.too_short';
  // A page may hold nothing that may be seen while the next one does: then there is more to ask.
  const none =
    !query.hasNextPage &&
    first?.customers.length === 0 &&
    pages.every((one) => one.items.length === 0);
  return (
    <div className="find">
      <header className="find-head">
        <h1>{t('find.title')}</h1>
        <div role="search" aria-label={t('find.title')}>
          <span className="finder">
            <Icon name="search" size={16} />
            <input
              type="search"
              className="finder-input find-input"
              autoFocus
              spellCheck={false}
              maxLength={300}
              aria-label={t('find.label')}
              aria-describedby="find-help"
              placeholder={t('find.placeholder')}
              value={line}
              onChange={(event) => setLine(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowDown') return;
                event.preventDefault();
                list.current?.querySelector<HTMLElement>('a')?.focus();
              }}
            />
          </span>
          <div className="row wrap find-filters">
            <Filters line={line} onChange={setLine} />
            <span className="row">
              <Day name="from" line={line} onChange={setLine} />
              <Day name="to" line={line} onChange={setLine} />
            </span>
          </div>
        </div>
        <p id="find-help" className="tiny soft">
          {t('find.help')}
        </p>
        {first && <Chips answer={first} onRemove={(gone) => setLine(without(line, gone))} />}
        {first && <Lag index={first.index} />}
      </header>
      <Async
        loading={query.isLoading}
        error={early || query.data ? null : asError(query.error)}
        empty={!first || none}
        stale={query.isRefetchError}
        retry={() => void query.refetch()}
        nothing={{
          title: t(first ? 'find.nothing' : 'find.begin'),
          hint: t(first ? 'find.nothing_hint' : 'find.begin_hint'),
          icon: 'search',
        }}
      >
        <div ref={list}>
          <Results pages={pages} busy={query.isPlaceholderData} />
        </div>
        {query.isFetchNextPageError && (
          <p role="alert" className="small">
            {t(navigator.onLine ? 'ui.failed' : 'ui.line_down')}
          </p>
        )}
        {query.hasNextPage && (
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('find.more')}
          </Button>
        )}
      </Async>
    </div>
  );
}
