// Screens on walls: links that show a board to who knows the PIN; the address is told once.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Board, BoardLink } from '@api/board';
import { mediumDate, relative } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { asError, useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';

const PIN = /^\d{6,12}$/;

function useLinks(board: string) {
  const { client } = useWorkspace();
  return useQuery({
    queryKey: ['board links', board],
    queryFn: async () =>
      (await client.get<{ items: BoardLink[] }>(`/v1/boards/${board}/links`)).items,
    staleTime: 0,
  });
}

function Row({ link, onRemove }: { link: BoardLink; onRemove: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = Date.now();
  const seen = link.seen_at && relative(language, Date.parse(link.seen_at), now);
  const until = link.expires_at && mediumDate(language, Date.parse(link.expires_at));
  return (
    <li className="board-link">
      <Icon name="screen" size={17} />
      <span className="grow">
        <span className="cut">{link.name}</span>
        <span className="tiny soft board-link-facts">
          {seen ? t('board.seen', { when: seen }) : t('board.never_seen')}
          {until && ` · ${t('board.until', { when: until })}`}
        </span>
      </span>
      <IconButton icon="trash" label={t('board.unlink', { name: link.name })} onClick={onRemove} />
    </li>
  );
}

function Made({ address }: { address: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const whole = new URL(address, location.href).href;
  return (
    <div className="board-made" role="status">
      <p>{t('board.made')}</p>
      <p className="mono board-address">{whole}</p>
      <Button
        small
        icon={copied ? 'check' : 'copy'}
        onClick={() => void navigator.clipboard.writeText(whole).then(() => setCopied(true))}
      >
        {t(copied ? 'ui.copied' : 'ui.copy')}
      </Button>
    </div>
  );
}

export function LinksDialog({ board, onClose }: { board: Board; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const list = useLinks(board.id);
  const { busy, run } = useAct();
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [made, setMade] = useState<string>();
  const ready = name.trim() !== '' && PIN.test(pin);
  const again = (): Promise<void> =>
    queries.invalidateQueries({ queryKey: ['board links', board.id] });
  const add = async (): Promise<void> => {
    const body = { name: name.trim(), pin };
    const done = await run(async () => {
      const path = `/v1/boards/${board.id}/links`;
      setMade((await client.post<{ address: string }>(path, { body })).address);
      await again();
    });
    if (!done) return;
    setName('');
    setPin('');
  };
  const remove = (link: BoardLink): void =>
    void run(async () => {
      await client.delete(`/v1/boards/${board.id}/links/${link.id}`);
      await again();
    }, t('board.unlinked'));
  const rows = list.data ?? [];
  return (
    <Dialog
      title={t('board.hang_title', { name: board.name })}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t('ui.close')}</Button>}
    >
      <p className="soft small">{t('board.hang_hint')}</p>
      <Async loading={list.isLoading} error={list.data ? null : asError(list.error)}>
        {rows.length > 0 && (
          <ul className="board-links">
            {rows.map((link) => (
              <Row key={link.id} link={link} onRemove={() => remove(link)} />
            ))}
          </ul>
        )}
      </Async>
      <form
        noValidate
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void add();
        }}
      >
        <div className="board-pair">
          <TextField
            label={t('board.screen')}
            hint={t('board.screen_hint')}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label={t('board.pin')}
            hint={t('board.pin_hint')}
            inputMode="numeric"
            autoComplete="off"
            value={pin}
            maxLength={12}
            onChange={(event) => setPin(event.target.value.replace(/\D/g, ''))}
          />
        </div>
        <Button type="submit" icon="plus" look="primary" busy={busy} disabled={!ready}>
          {t('board.link_make')}
        </Button>
      </form>
      {made && <Made address={made} />}
    </Dialog>
  );
}
