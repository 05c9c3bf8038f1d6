// The search box of the top bar: Cases and customers as one types, Enter searches the whole list.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchAnswer } from '@api/types';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { useCommand } from '@agent/parts/commands';
import { StateChip } from '@agent/parts/Marks';

const PAUSE_MS = 180;

interface Hit {
  key: string;
  address: string;
  name: string;
  hint: string;
  state?: SearchAnswer['cases'][number]['state'];
}

function hitsOf(answer: SearchAnswer | undefined): Hit[] {
  const cases = (answer?.cases ?? []).slice(0, 7).map((row) => ({
    key: row.id,
    address: href('case', row.id),
    name: row.title || row.reference,
    hint: `${row.reference} · ${row.customer.name}`,
    state: row.state,
  }));
  const customers = (answer?.customers ?? []).slice(0, 5).map((row) => ({
    key: row.id,
    address: href('customer', row.id),
    name: row.name,
    hint: '',
  }));
  return [...cases, ...customers];
}

export function Search() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useCommand('search', () => box.current?.focus());
  useCommand('palette', () => box.current?.focus());
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({
    queryKey: ['search', asked],
    queryFn: () => client.get<SearchAnswer>('/v1/search', { query: { q: asked } }),
    enabled: asked.length > 1,
  });
  const hits = asked.length > 1 ? hitsOf(query.data) : [];
  const shown = open && asked.length > 1;
  const choose = (address: string): void => {
    setOpen(false);
    box.current?.blur();
    go(address);
  };
  const active = hits[at]?.key;
  useEffect(() => {
    if (active) document.getElementById(`hit-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setOpen(false);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((at + step + hits.length + 1) % (hits.length + 1));
    }
    if (event.key === 'Enter')
      choose(hits[at]?.address ?? href('inbox', 'all', { q: text, state: 'any' }));
  };
  return (
    <div
      className="search"
      role="search"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <Icon name="search" size={16} />
      <input
        ref={box}
        type="search"
        className="search-input"
        role="combobox"
        aria-label={t('search.label')}
        aria-expanded={shown && hits.length > 0}
        aria-controls="search-hits"
        aria-autocomplete="list"
        aria-activedescendant={shown && hits[at] ? `hit-${hits[at].key}` : undefined}
        placeholder={t('search.placeholder')}
        value={text}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onKeyDown={keys}
      />
      <div className="search-hits" hidden={!shown}>
        <div
          id="search-hits"
          className="search-list scroll"
          role="listbox"
          aria-label={t('search.results')}
        >
          {hits.map((hit, index) => (
            <div
              key={hit.key}
              id={`hit-${hit.key}`}
              role="option"
              aria-selected={index === at}
              className="search-hit"
              onPointerDown={(event) => {
                event.preventDefault();
                choose(hit.address);
              }}
            >
              {hit.state ? <Icon name="inbox" size={16} /> : <Face name={hit.name} size="small" />}
              <span className="grow">
                <span className="cut search-name">{hit.name}</span>
                {hit.hint && <span className="tiny soft">{hit.hint}</span>}
              </span>
              {hit.state && <StateChip state={hit.state} />}
            </div>
          ))}
        </div>
        {hits.length === 0 && (
          <p className="search-none small soft" role="status">
            {query.isError
              ? t('ui.failed')
              : query.isFetching
                ? t('ui.loading')
                : t('search.nothing')}
          </p>
        )}
      </div>
    </div>
  );
}
