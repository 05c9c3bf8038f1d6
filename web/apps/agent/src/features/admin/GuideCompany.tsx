// The second step: the company, its zone and language, its first department; made at once.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, LANGUAGES } from '@i18n/index';
import { Button } from '@ui/Button';
import { Select, Switch, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import type { StepProps } from './guideModel';

export function Company({ guide, go, reload }: StepProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [name, setName] = useState('');
  const [department, setDepartment] = useState(t('guide.department_first'));
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const mine = useLanguage();
  const [language, setLanguage] = useState(mine);
  const [always, setAlways] = useState(false);
  if (!guide.fresh) return <p>{t('guide.company_there')}</p>;
  const ready = name.trim() !== '' && department.trim() !== '';
  const make = async (): Promise<void> => {
    const body = { name: name.trim(), department: department.trim(), zone, language, always };
    if (await run(() => client.post('/v1/guide/company', { body }))) {
      await reload();
      go('done');
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void make();
      }}
    >
      <div className="bench-grid">
        <TextField
          label={t('guide.company_name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t('guide.department')}
          value={department}
          onChange={(event) => setDepartment(event.target.value)}
        />
        <Select
          label={t('guide.zone')}
          value={zone}
          options={Intl.supportedValuesOf('timeZone')
            .concat(zone === 'UTC' ? ['UTC'] : [])
            .map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
          onChange={setZone}
        />
        <Select
          label={t('guide.language')}
          value={language}
          options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          onChange={setLanguage}
        />
      </div>
      <Switch
        label={t('guide.always')}
        hint={t('guide.always_hint')}
        checked={always}
        onChange={setAlways}
      />
      <div className="row">
        <Button type="submit" look="primary" busy={busy} disabled={!ready}>
          {t('guide.company_make')}
        </Button>
      </div>
    </form>
  );
}
