// The packet of a matter that was handed over: pinned above the stream until somebody has answered.

import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Packet as Handed } from '@api/types';
import { mediumTime } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Scroll } from '@ui/Scroll';
import { Chip } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { spoken } from '@agent/parts/address';
import { Ago } from '@agent/parts/Marks';

/** Where there is little room the stream comes first. */
const ROOMY = '(min-width: 48rem) and (min-height: 44rem)';

function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What is known: first what the customer's page says (a claim), then what we keep of him. */
function Known({ packet }: { packet: Handed }) {
  const { t } = useTranslation();
  const told = Object.entries(packet.told);
  const kept = Object.entries(packet.known).filter(([name]) => !(name in packet.told));
  if (told.length + kept.length === 0) return null;
  return (
    <Part label={t('packet.known')}>
      <ul className="packet-facts">
        {kept.map(([name, value]) => (
          <li key={name}>
            <span className="soft">{name}</span> {String(value)}
          </li>
        ))}
        {told.map(([name, value]) => (
          <li key={name}>
            <span className="soft">{name}</span> {value}{' '}
            <span className="tiny soft">({t('packet.claimed')})</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Tried({ packet, caseId }: { packet: Handed; caseId: string }) {
  const { t } = useTranslation();
  return (
    <Part label={t('packet.tried')}>
      {packet.tried.length === 0 ? (
        <span className="soft">{t('packet.tried_none')}</span>
      ) : (
        <ul className="packet-tried">
          {packet.tried.map((one) => (
            <li key={one.id}>
              <a href={href('case', caseId, 'message', one.id)} className="cut">
                {one.text}
              </a>
              <span className="tiny soft">
                {one.by} · <Ago at={one.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

export function Packet({ packet, caseId }: { packet: Handed; caseId: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [open, setOpen] = useState(() => window.matchMedia(ROOMY).matches);
  const body = useId();
  const { proved } = packet;
  return (
    <section className="packet" aria-label={t('packet.title')}>
      <button
        type="button"
        className="packet-head"
        aria-expanded={open}
        aria-controls={open ? body : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name="tray" size={15} />
        <span className="grow cut">
          <strong>{t('packet.by', { name: packet.by })}</strong>{' '}
          <span className="tiny soft">
            <Ago at={packet.at} />
          </span>
        </span>
        <Icon name={open ? 'down' : 'right'} size={14} />
      </button>
      {open && (
        <Scroll label={t('packet.title')} className="packet-scroll">
          <dl id={body} className="packet-body small">
            {packet.note && <Part label={t('packet.note')}>{packet.note}</Part>}
            {packet.wants && (
              <Part label={t('packet.wants')}>
                <span className="packet-wants">{packet.wants.replace(/\s+/g, ' ')}</span>
              </Part>
            )}
            {proved && (
              <Part label={t('packet.proved')}>
                <span title={mediumTime(language, Date.parse(proved.since))}>
                  {spoken(proved.address, t)}
                </span>{' '}
                <Chip tone={proved.level >= 2 ? 'good' : 'plain'} icon="shield">
                  {t(`identity.level.${proved.level}`)}
                </Chip>
              </Part>
            )}
            <Known packet={packet} />
            <Tried packet={packet} caseId={caseId} />
          </dl>
        </Scroll>
      )}
    </section>
  );
}
