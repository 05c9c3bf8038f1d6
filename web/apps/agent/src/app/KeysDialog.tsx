// The sheet of keys: grouped, searchable, with what this person has changed.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { caps } from '@keys/combo';
import { fold } from '@keys/fold';
import type { Binding } from '@keys/rules';
import type { Group } from '@keys/table';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { href } from '@agent/data/router';
import { commandName, useBindings, useMounted } from '@agent/parts/commands';

const GROUPS: readonly Group[] = ['move', 'go', 'case', 'write', 'select', 'work', 'help'];

export function Caps({ combo }: { combo: string }) {
  const { t } = useTranslation();
  return (
    <span className="caps">
      {caps(combo).map((step, at) => (
        <span key={at} className="caps">
          {at > 0 && <span className="tiny soft">{t('keys.then')}</span>}
          {step.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
        </span>
      ))}
    </span>
  );
}

function KeyRow({ binding, here }: { binding: Binding; here: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={here ? 'key-row' : 'key-row key-away'}>
      <dt title={here ? undefined : t('keys.elsewhere')}>{commandName(t, binding.command)}</dt>
      <dd>
        {binding.keys.length === 0 && <span className="tiny soft">{t('keys.none')}</span>}
        {binding.keys.map((combo) => (
          <Caps key={combo} combo={combo} />
        ))}
      </dd>
    </div>
  );
}

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const bindings = useBindings();
  const here = new Set<string>(useMounted().map((one) => one.command));
  const [wanted, setWanted] = useState('');
  const words = fold(wanted.trim());
  const matching = bindings.filter(
    (one) =>
      !one.later &&
      (words === '' ||
        fold(commandName(t, one.command)).includes(words) ||
        one.keys.some((combo) => caps(combo).flat().join(' ').toLowerCase() === words)),
  );
  return (
    <Dialog title={t('keys.title')} onClose={onClose} wide>
      <div className="row keys-head">
        <div className="grow">
          <TextField
            label={t('keys.filter')}
            type="search"
            autoFocus
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </div>
        <a className="small" href={href('profile', 'keys')} onClick={onClose}>
          {t('keys.change')}
        </a>
      </div>
      <div className="keys">
        {GROUPS.map((group) => {
          const rows = matching.filter((one) => one.group === group);
          return (
            rows.length > 0 && (
              <section key={group} className="keys-group">
                <h3>{t(`keys.group.${group}`)}</h3>
                <dl>
                  {rows.map((one) => (
                    <KeyRow key={one.command} binding={one} here={here.has(one.command)} />
                  ))}
                </dl>
              </section>
            )
          );
        })}
        {matching.length === 0 && (
          <p className="soft" role="status">
            {t('keys.nothing')}
          </p>
        )}
      </div>
    </Dialog>
  );
}
