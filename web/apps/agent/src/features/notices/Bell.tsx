// The bell in the bar: what this person should know, newest first; a click leads to the place.

import { useTranslation } from 'react-i18next';
import type { Notice } from '@api/types';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Icon, type IconName } from '@ui/Icon';
import { Popover } from '@ui/Popover';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { Ago } from '@agent/parts/Marks';
import { titleOf } from './words';
import { useNotices, type Notices } from './useNotices';

const ICONS: Record<string, IconName> = {
  mention: 'user',
  followed_reply: 'chat',
  sla_warning: 'clock',
  delivery_failed: 'alert',
  help_raised: 'flag',
  whisper: 'lock',
  job_done: 'check',
  snooze_over: 'moon',
  escalation: 'alert',
  presence_changed: 'user',
  return_due: 'coffee',
  rule_failed: 'rules',
  alert: 'alert',
  taken_over: 'user',
  monitored: 'eye',
};

/** "I have it": repeats and later steps of the ladder do not happen. */
function HaveIt({ notice, onDone }: { notice: Notice; onDone: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  return (
    <span className="notice-act">
      <Button
        small
        busy={busy}
        onClick={() =>
          void run(async () => {
            await client.post(`/v1/escalation_runs/${notice.run_id}/acknowledge`);
            onDone();
          }, t('escalation.acknowledged'))
        }
      >
        {t('escalation.i_have_it')}
      </Button>
    </span>
  );
}

function Entry({
  notice,
  onOpen,
  onRead,
}: {
  notice: Notice;
  onOpen: () => void;
  onRead: () => void;
}) {
  const { t } = useTranslation();
  return (
    <li>
      <button
        type="button"
        className={notice.read_at ? 'notice' : 'notice notice-new'}
        onClick={onOpen}
      >
        <span className="notice-icon">
          <Icon name={ICONS[notice.kind] ?? 'bell'} size={16} />
        </span>
        <span className="grow">
          <span className="notice-title">
            {titleOf(notice, t)}
            {!notice.read_at && <span className="sr"> {t('notice.new')}</span>}
          </span>
          {notice.text && <span className="notice-text">{notice.text}</span>}
          <span className="tiny soft">
            {notice.reference ? `${notice.reference} · ` : ''}
            <Ago at={notice.at} />
          </span>
        </span>
      </button>
      {notice.run_id && !notice.read_at && <HaveIt notice={notice} onDone={onRead} />}
    </li>
  );
}

function List({ notices, close }: { notices: Notices; close: () => void }) {
  const { t } = useTranslation();
  const { items, read, error, loading, retry } = notices;
  return (
    <Async
      loading={loading && items.length === 0}
      error={items.length === 0 ? asError(error) : null}
      retry={retry}
      empty={items.length === 0}
      nothing={{ title: t('notice.none'), hint: t('notice.none_hint'), icon: 'bell' }}
    >
      <ul className="notices-list scroll">
        {items.map((one) => (
          <Entry
            key={one.id}
            notice={one}
            onRead={() => read(one.id)}
            onOpen={() => {
              read(one.id);
              close();
              if (one.case_id) go(href('case', one.case_id, { item: one.message_id ?? undefined }));
            }}
          />
        ))}
      </ul>
    </Async>
  );
}

export function Bell() {
  const { t } = useTranslation();
  const notices = useNotices();
  const { unread } = notices;
  return (
    <Popover
      label={unread > 0 ? t('notice.unread', { count: unread }) : t('settings.notices')}
      side="right"
      className="bar-button"
      button={
        <>
          <Icon name="bell" size={18} />
          {unread > 0 && <span className="bar-count">{unread > 99 ? '99+' : unread}</span>}
        </>
      }
    >
      {(close) => (
        <div className="notices">
          <div className="row notices-head">
            <h2 className="tray-title grow">{t('settings.notices')}</h2>
            {unread > 0 && (
              <button type="button" className="link-button" onClick={notices.readAll}>
                {t('notice.read_all')}
              </button>
            )}
            <a
              className="icon-button"
              href={href('profile', 'notices')}
              aria-label={t('notice.settings')}
              title={t('notice.settings')}
              onClick={close}
            >
              <Icon name="settings" size={16} />
            </a>
          </div>
          <List notices={notices} close={close} />
        </div>
      )}
    </Popover>
  );
}
