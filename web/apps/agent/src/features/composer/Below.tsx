// Below the words: what variables will say, which are not known, and the signature that goes along.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { Check } from '@ui/Field';
import { resolve } from '@agent/parts/template';

interface FilledProps {
  text: string;
  values: Readonly<Record<string, string>>;
}

/** Each variable with its value; those without one stop the answer and say so. */
export function Filled({ text, values }: FilledProps) {
  const { t } = useTranslation();
  if (!text.includes('{{')) return null;
  const { missing } = resolve(text, values);
  const named = [
    ...new Set([...text.matchAll(/\{\{[ \t]*([a-z_.]+)[ \t]*\}\}/g)].map((hit) => hit[1])),
  ];
  const known = named.filter((name) => name && !missing.includes(name));
  return (
    <div className="filled tiny">
      {known.map((name) => (
        <span key={name} className="filled-one">
          <code>{name}</code> {values[name ?? '']}
        </span>
      ))}
      {missing.length > 0 && (
        <p className="filled-bad" role="alert">
          <Icon name="alert" size={13} />{' '}
          {t('composer.unresolved', { names: missing.join(', '), count: missing.length })}
        </p>
      )}
    </div>
  );
}

interface SignatureProps {
  text: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

export function Signature({ text, on, onChange }: SignatureProps) {
  const { t } = useTranslation();
  return (
    <div className="signature">
      <Check label={t('composer.signature')} checked={on} onChange={onChange} />
      {on && <p className="signature-text soft tiny">{text}</p>}
    </div>
  );
}
