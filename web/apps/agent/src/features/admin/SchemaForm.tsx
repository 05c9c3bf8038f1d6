// A form drawn from the JSON Schema of a channel's manifest.

import { useTranslation } from 'react-i18next';
import { Select, Switch, TextArea, TextField } from '@ui/Field';
import { useLanguage } from '@agent/data/hooks';
import { helpOf, isSecret, titleOf, type Property, type Schema, type Values } from './schema';

interface FormProps {
  schema: Schema;
  values: Values;
  secretsSet: readonly string[];
  onChange: (values: Values) => void;
}

interface OneProps {
  name: string;
  property: Property;
  value: unknown;
  required: boolean;
  kept: boolean;
  set: (value: unknown) => void;
}

function One({ name, property, value, required, kept, set }: OneProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const label = titleOf(name, property, language);
  const help = helpOf(property, language);
  if (property.type === 'boolean') {
    return <Switch label={label} hint={help} checked={value === true} onChange={set} />;
  }
  if (property.enum) {
    const options = property.enum.map((one) => ({ value: String(one), label: String(one) }));
    return (
      <Select
        label={label}
        hint={help}
        value={String(value ?? '')}
        onChange={(chosen) => set(chosen || undefined)}
        options={
          value === undefined ? [{ value: '', label: t('schema.unset') }, ...options] : options
        }
      />
    );
  }
  if (property.type === 'array') {
    const lines = Array.isArray(value) ? value.map(String).join('\n') : '';
    return (
      <TextArea
        label={label}
        hint={help ? `${help}. ${t('schema.one_per_line')}` : t('schema.one_per_line')}
        defaultValue={lines}
        onChange={(event) =>
          set(
            event.target.value
              .split('\n')
              .map((one) => one.trim())
              .filter(Boolean),
          )
        }
      />
    );
  }
  const numeric = property.type === 'integer' || property.type === 'number';
  const secret = isSecret(property);
  return (
    <TextField
      label={label}
      hint={help}
      type={secret ? 'password' : numeric ? 'number' : 'text'}
      autoComplete={secret ? 'new-password' : 'off'}
      required={required && !kept}
      min={property.minimum}
      max={property.maximum}
      maxLength={property.maxLength}
      placeholder={kept ? t('schema.secret_kept') : undefined}
      value={value === undefined ? '' : String(value)}
      onChange={(event) => {
        const text = event.target.value;
        set(numeric && text !== '' ? Number(text) : text);
      }}
    />
  );
}

export function SchemaForm({ schema, values, secretsSet, onChange }: FormProps) {
  return (
    <div className="schema-grid">
      {Object.entries(schema.properties ?? {}).map(([name, property]) => (
        <One
          key={name}
          name={name}
          property={property}
          value={values[name]}
          required={schema.required?.includes(name) ?? false}
          kept={secretsSet.includes(name)}
          set={(value) => onChange({ ...values, [name]: value })}
        />
      ))}
    </div>
  );
}
