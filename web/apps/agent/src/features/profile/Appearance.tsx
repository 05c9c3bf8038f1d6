// Language and look: theme, density, letter size; what happens after sending, who sees drafts.

import { useTranslation } from 'react-i18next';
import type { Density, PersonSettings, ThemeName } from '@api/settings';
import { LANGUAGES, LANGUAGE_NAMES, speak, supported } from '@i18n/index';
import { Range, Select, Switch } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { useSettings } from '@agent/data/settings';

const THEMES: readonly ThemeName[] = ['system', 'light', 'dark', 'contrast'];
const DENSITIES: readonly Density[] = ['comfortable', 'cosy', 'compact'];
const AFTER: readonly PersonSettings['send_and'][] = ['reply', 'solve'];

export function Appearance() {
  const { t, i18n } = useTranslation();
  const { client } = useWorkspace();
  const { run } = useAct();
  const { settings, change } = useSettings();
  const language = supported(i18n.language) ?? 'en';
  return (
    <section className="card form-card stack">
      <h2>{t('profile.look')}</h2>
      <Select
        label={t('profile.language')}
        value={language}
        onChange={(code) => {
          const chosen = supported(code) ?? 'en';
          void speak(chosen);
          void run(() => client.patch('/v1/people/me', { body: { language: chosen } }));
        }}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <Select
        label={t('profile.theme')}
        value={settings.theme}
        onChange={(value) => change({ theme: value as ThemeName })}
        options={THEMES.map((value) => ({ value, label: t(`profile.theme.${value}`) }))}
      />
      <Select
        label={t('settings.density')}
        value={settings.density}
        onChange={(value) => change({ density: value as Density })}
        options={DENSITIES.map((value) => ({ value, label: t(`settings.density.${value}`) }))}
      />
      <Range
        label={t('settings.letters')}
        value={settings.font_scale}
        min={90}
        max={150}
        step={5}
        said={t('settings.percent', { value: settings.font_scale })}
        onChange={(font_scale) => change({ font_scale })}
      />
      <Select
        label={t('settings.send_and')}
        value={settings.send_and}
        onChange={(value) => change({ send_and: value as PersonSettings['send_and'] })}
        options={AFTER.map((value) => ({ value, label: t(`settings.send_and.${value}`) }))}
      />
      <Switch
        label={t('settings.draft_private')}
        hint={t('settings.draft_private_hint')}
        checked={settings.draft_private}
        onChange={(draft_private) => change({ draft_private })}
      />
    </section>
  );
}
