// The command palette: one line to type in, one list to choose from; combobox pattern throughout.

import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { written } from '@keys/combo';
import { Icon } from '@ui/Icon';
import { useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { useEntries, useFound, type Choice } from './entries';
import { Options } from './Options';
import { ranked } from './rank';
import { recentOf, remember } from './recent';

const PAUSE_MS = 150;
const SHORT = 8;

/** What is shown: recent things before anything is typed, then all kinds by how well they fit. */
function useChoices(typed: string, onlySearch: boolean) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const entries = useEntries();
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { found, searching, failed } = useFound(asked);
  const recent = useMemo(() => recentOf(me.id), [me.id]);
  const choices = useMemo(() => {
    if (typed.trim() === '') {
      const known = new Map(entries.map((one) => [one.entry.id, one.entry]));
      const lately = recent.flatMap((one): Choice[] => {
        const entry = known.get(one.id);
        if (entry) return [{ ...entry, kind: 'recent' }];
        if (!one.address) return [];
        return [{ icon: 'clock', name: '', ...one, kind: 'recent' }];
      });
      const rest = onlySearch ? [] : ranked(entries, '', [], 40);
      const shown = new Set(lately.map((one) => one.id));
      return [...lately.slice(0, SHORT), ...rest.filter((one) => !shown.has(one.id))];
    }
    const own = ranked(
      entries,
      typed,
      recent.map((one) => one.id),
      onlySearch ? 4 : 12,
    );
    const words = typed.trim();
    const everywhere: Choice = {
      id: 'history',
      kind: 'history',
      icon: 'search',
      name: `${t('palette.kind.history')}: ${words}`,
      address: href('search', { q: words }),
    };
    const all = words.length > 1 ? [everywhere] : [];
    return onlySearch ? [...found, ...all, ...own] : [...own, ...found, ...all];
  }, [t, entries, typed, recent, found, onlySearch]);
  return { choices, searching: searching || asked !== typed.trim(), failed };
}

interface PaletteProps {
  /** Opened by / : Cases and customers come before commands. */
  onlySearch: boolean;
  onClose: () => void;
}

export function Palette({ onlySearch, onClose }: PaletteProps) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { choices, searching, failed } = useChoices(typed, onlySearch);
  useEffect(() => {
    const before = document.activeElement;
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
    return () => {
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  const active = choices[Math.min(at, choices.length - 1)];
  useEffect(() => {
    if (active)
      document.getElementById(`choice-${active.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const choose = (one: Choice | undefined): void => {
    dialog.current?.close();
    onClose();
    if (!one) {
      if (typed.trim()) go(href('inbox', 'all', { q: typed.trim(), state: 'any' }));
      return;
    }
    const { id, name, hint, address } = one;
    remember(me.id, address ? { id, name, hint, address } : { id });
    // After the dialog has gone: a command may take the focus or open a dialog of its own.
    setTimeout(() => (address ? go(address) : one.run?.()));
  };
  const keys = (event: KeyboardEvent): void => {
    const last = choices.length - 1;
    const now = Math.min(at, last);
    const steps: Record<string, number> = {
      ArrowDown: now >= last ? 0 : now + 1,
      ArrowUp: now <= 0 ? last : now - 1,
      PageDown: Math.min(last, now + 8),
      PageUp: Math.max(0, now - 8),
    };
    const next = steps[event.key];
    if (next !== undefined) setAt(next);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(active);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('command.palette')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="palette-line">
        <Icon name="search" size={18} />
        <input
          className="palette-input"
          type="text"
          role="combobox"
          autoFocus
          spellCheck={false}
          autoComplete="off"
          aria-label={t(onlySearch ? 'search.label' : 'palette.label')}
          aria-expanded={choices.length > 0}
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={active ? `choice-${active.id}` : undefined}
          placeholder={t(onlySearch ? 'search.placeholder' : 'palette.placeholder')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
        <kbd aria-hidden="true">{written('Escape')}</kbd>
      </div>
      <Options choices={choices} active={active?.id} onChoose={choose} />
      <p className="palette-foot tiny soft" role="status">
        {failed
          ? t('ui.failed')
          : choices.length > 0
            ? t('palette.count', { count: choices.length })
            : t(searching ? 'ui.loading' : 'search.nothing')}
      </p>
    </dialog>
  );
}
