// Own keys: single characters on or off, another combination for a command, none, or as it was built.

import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { normal, single, written } from '@keys/combo';
import { effective } from '@keys/effective';
import { isModifier, isWriting, meanings, type Press } from '@keys/press';
import { refusal, takenBy, type Binding } from '@keys/rules';
import { rowOf, type Command } from '@keys/table';
import { Button } from '@ui/Button';
import { Switch } from '@ui/Field';
import { useSettings } from '@agent/data/settings';
import { commandName } from '@agent/parts/commands';

/** A press as the table writes it; undefined while only modifiers are down. */
function comboOf(press: Press): string | undefined {
  if (isModifier(press)) return undefined;
  if (press.altKey) return 'Alt+x';
  const [step] = meanings(press);
  if (!step || isWriting({ ...press, altKey: false })) return undefined;
  const parts = [step.mod ? 'Mod' : '', step.shift ? 'Shift' : '', step.name];
  return normal(parts.filter(Boolean).join('+'));
}

interface CatchProps {
  binding: Binding;
  all: readonly Binding[];
  onTake: (combo: string) => void;
  onCancel: () => void;
}

/** Listens for the next press; says why a combination is refused. */
function Catch({ binding, all, onTake, onCancel }: CatchProps) {
  const { t } = useTranslation();
  const [why, setWhy] = useState('');
  const row = rowOf(binding.command as Command);
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      onCancel();
      return;
    }
    const combo = comboOf(event.nativeEvent);
    if (!combo) return;
    const refused = refusal(combo, row, all);
    if (!refused) {
      onTake(combo);
      return;
    }
    const other = takenBy(combo, row, all);
    setWhy(
      refused === 'taken' && other
        ? t('keys.taken', { keys: written(combo), name: commandName(t, other.command) })
        : t(`keys.refused.${refused}`),
    );
  };
  return (
    <span className="key-catch">
      <input
        className="input key-input"
        readOnly
        autoFocus
        aria-label={t('keys.press', { name: commandName(t, binding.command) })}
        placeholder={t('keys.press_now')}
        onKeyDown={press}
        onBlur={onCancel}
      />
      <span className="tiny key-why" role="alert">
        {why}
      </span>
    </span>
  );
}

function Line({ binding, all }: { binding: Binding; all: readonly Binding[] }) {
  const { t } = useTranslation();
  const { settings, change } = useSettings();
  const [asking, setAsking] = useState(false);
  const name = commandName(t, binding.command);
  const own = settings.keys[binding.command];
  const set = (combo: string | null): void => {
    change({ keys: { [binding.command]: combo } });
    setAsking(false);
  };
  return (
    <li className="key-line">
      <span className="grow">{name}</span>
      {asking ? (
        <Catch binding={binding} all={all} onTake={set} onCancel={() => setAsking(false)} />
      ) : (
        <>
          <span className="row">
            {binding.keys.map((combo) => (
              <kbd key={combo}>{written(combo)}</kbd>
            ))}
            {binding.keys.length === 0 && <span className="tiny soft">{t('keys.none')}</span>}
          </span>
          <Button
            small
            look="quiet"
            aria-label={t('keys.change_of', { name })}
            onClick={() => setAsking(true)}
          >
            {t('keys.set')}
          </Button>
          {own === undefined ? (
            <Button
              small
              look="quiet"
              aria-label={t('keys.off_of', { name })}
              onClick={() => set('')}
            >
              {t('keys.off')}
            </Button>
          ) : (
            <Button
              small
              look="quiet"
              aria-label={t('keys.reset_of', { name })}
              onClick={() => set(null)}
            >
              {t('keys.reset')}
            </Button>
          )}
        </>
      )}
    </li>
  );
}

export function KeysPage() {
  const { t } = useTranslation();
  const { settings, change } = useSettings();
  // Conflicts count against all keys, also those that are switched off together.
  const all = effective({ single_keys: true, keys: settings.keys });
  const shown = all.filter((one) => !one.later);
  return (
    <section className="card form-card stack">
      <h2>{t('settings.keys')}</h2>
      <Switch
        label={t('settings.single_keys')}
        hint={t('settings.single_keys_hint', {
          count: shown.filter((one) => one.keys.some(single)).length,
        })}
        checked={settings.single_keys}
        onChange={(single_keys) => change({ single_keys })}
      />
      <ul className="key-lines">
        {shown.map((one) => (
          <Line key={one.command} binding={one} all={all} />
        ))}
      </ul>
      <div className="row">
        <Button
          disabled={Object.keys(settings.keys).length === 0}
          onClick={() =>
            change({
              keys: Object.fromEntries(Object.keys(settings.keys).map((one) => [one, null])),
            })
          }
        >
          {t('keys.reset_all')}
        </Button>
      </div>
    </section>
  );
}
