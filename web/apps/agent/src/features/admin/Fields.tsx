// Fields that differ: what stood there, and what stands there now; ids as the names they stand for.

import { useTranslation } from 'react-i18next';
import { useNames } from '@agent/data/hooks';

export interface FieldChange {
  name: string;
  before: unknown;
  after: unknown;
}

const SHA256 = /^[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Texts by language, settings by name: a line each. */
const isFlat = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => typeof one !== 'object');

function useWords(): (value: unknown) => string {
  const { t } = useTranslation();
  const names = useNames();
  const plain = (value: unknown): unknown => {
    if (typeof value === 'string' && UUID.test(value)) {
      return names.queue(value) || names.department(value) || names.person(value) || value;
    }
    if (typeof value === 'string' && SHA256.test(value)) {
      return t('config.picture', { mark: value.slice(0, 12) });
    }
    if (Array.isArray(value)) return value.map(plain);
    return value;
  };
  return (value) => {
    if (value === null || value === undefined || value === '') return t('config.nothing');
    const found = plain(value);
    if (typeof found === 'boolean') return t(found ? 'rules.yes' : 'rules.no');
    if (Array.isArray(found) && found.every((one) => typeof one === 'string')) {
      return found.length > 0 ? found.join(', ') : t('config.nothing');
    }
    if (isFlat(found)) {
      const lines = Object.entries(found).map(([name, one]) => `${name}: ${String(one)}`);
      return lines.length > 0 ? lines.join('\n') : t('config.nothing');
    }
    return typeof found === 'string' ? found : JSON.stringify(found, null, 1);
  };
}

export function Fields({ fields }: { fields: readonly FieldChange[] }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <dl className="fields">
      {fields.map((one) => (
        <div key={one.name}>
          <dt>{t(`config.field.${one.name}`, { defaultValue: one.name })}</dt>
          <dd>
            <del>{words(one.before)}</del>
            <span className="soft" aria-hidden="true">
              →
            </span>
            <ins>{words(one.after)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
