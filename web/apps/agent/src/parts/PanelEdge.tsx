// The edge of a panel whose width is kept per person.

import { useTranslation } from 'react-i18next';
import { Divider } from '@ui/Divider';
import { useSettings } from '@agent/data/settings';

const BUILT = { list: 360, side: 360 } as const;

export function PanelEdge({ panel }: { panel: keyof typeof BUILT }) {
  const { t } = useTranslation();
  const { settings, change } = useSettings();
  return (
    <Divider
      label={t(`shell.edge_${panel}`)}
      width={settings.panels[panel] ?? BUILT[panel]}
      least={240}
      most={640}
      after={panel === 'side'}
      onChange={(width) => change({ panels: { [panel]: width } })}
      onReset={() => change({ panels: { [panel]: null } })}
    />
  );
}
