// How full the hands are: a bar per channel, "chat 2 of 3", with its switch.

import { useTranslation } from 'react-i18next';
import type { Presence } from '@api/types';
import { Switch } from '@ui/Field';
import { useEntity, useSetup } from '@agent/data/hooks';
import { CHANNELS, UNWRITTEN } from '@agent/parts/channels';
import type { PresenceCalls } from './calls';

/** As many as would fit if there were nothing else. */
const most = (cap: number, units: number | undefined): number =>
  Math.max(1, Math.floor(cap / Math.max(1, units ?? 50)));

interface ChannelProps {
  kind: string;
  held: number;
  room: number;
  presence: Presence | undefined;
  calls: PresenceCalls;
}

function Channel({ kind, held, room, presence, calls }: ChannelProps) {
  const { t } = useTranslation();
  const name = t(`channel.${kind}`, { defaultValue: kind });
  const words = t('presence.held', { held, most: room });
  return (
    <div className="presence-channel">
      <Switch
        label={name}
        hint={presence?.silent.includes(kind) ? t('presence.silent') : words}
        checked={presence?.toggles[kind] !== false}
        disabled={calls.busy}
        onChange={(on) => calls.toggle(kind, on)}
      />
      <meter
        min={0}
        max={room}
        value={Math.min(held, room)}
        aria-label={`${name}: ${words}`}
        className={held >= room ? 'load-full' : undefined}
      />
    </div>
  );
}

export function Channels({
  id,
  presence,
  calls,
}: {
  id: string;
  presence: Presence | undefined;
  calls: PresenceCalls;
}) {
  const { units } = useSetup();
  const load = useEntity('load', id);
  const rights = load?.channels?.length ? load.channels : CHANNELS;
  // Steps and callbacks are everybody's; they show once there are some.
  const kinds = [...new Set([...rights, ...UNWRITTEN])].filter(
    (kind) => !UNWRITTEN.includes(kind) || (load?.held?.[kind] ?? 0) > 0,
  );
  return kinds.map((kind) => (
    <Channel
      key={kind}
      kind={kind}
      held={load?.held?.[kind] ?? 0}
      room={most(load?.cap_max ?? 100, units[kind])}
      presence={presence}
      calls={calls}
    />
  ));
}
