// The foot of the composer: files, what happens next, the size left, and the ways to send.

import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { useKeys } from '@agent/parts/commands';
import { Then, type ThenChoice } from './Then';

interface FootProps {
  note: boolean;
  allowed: boolean;
  ready: boolean;
  /** An answer is being looked at before it leaves. */
  busy: boolean;
  /** Characters left, told when few are. */
  left: number | undefined;
  then: ThenChoice;
  setThen: (then: ThenChoice) => void;
  onFiles: (files: Iterable<File>) => void;
  onSend: () => void;
  onLater: () => void;
  onSolveNext: () => void;
  more: readonly MenuItem[];
}

function Pickers({ allowed, onFiles }: { allowed: boolean; onFiles: FootProps['onFiles'] }) {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement): void => {
    onFiles(input.files ?? []);
    input.value = '';
  };
  return (
    <>
      <input ref={picker} type="file" multiple hidden onChange={(event) => take(event.target)} />
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={(event) => take(event.target)}
      />
      <IconButton
        icon="clip"
        label={t('composer.attach')}
        disabled={!allowed}
        onClick={() => picker.current?.click()}
      />
      <IconButton
        icon="camera"
        className="only-touch"
        label={t('composer.camera')}
        disabled={!allowed}
        onClick={() => camera.current?.click()}
      />
    </>
  );
}

export function Foot(props: FootProps) {
  const { t } = useTranslation();
  const { note, allowed, ready, left, then, setThen } = props;
  const keys = useKeys('send');
  const keysNext = useKeys('send_solve_next');
  return (
    <div className="row composer-foot">
      {!note && (
        <>
          <Pickers allowed={allowed} onFiles={props.onFiles} />
          <Then value={then} onChange={setThen} disabled={!allowed} />
        </>
      )}
      <Menu
        up
        label={t('composer.more')}
        button={<Icon name="more" size={16} />}
        items={props.more}
      />
      <span className="grow" />
      {left !== undefined && (
        <span className={left < 0 ? 'tiny figures left-over' : 'tiny figures soft'} role="status">
          {t('composer.left', { count: left })}
        </span>
      )}
      <span className="send-pair">
        <Button
          look="primary"
          icon={note ? 'lock' : 'send'}
          disabled={!ready}
          busy={props.busy}
          title={keys}
          onClick={props.onSend}
        >
          {t(note ? 'composer.add_note' : 'composer.send')}
        </Button>
        {!note && ready && (
          <Menu
            up
            side="right"
            label={t('composer.send_ways')}
            className="button button-primary send-more"
            button={<Icon name="down" size={14} />}
            items={[
              {
                id: 'next',
                label: t('composer.send_solve_next'),
                hint: keysNext,
                icon: 'check',
                onSelect: props.onSolveNext,
              },
              {
                id: 'later',
                label: t('composer.send_later'),
                icon: 'clock',
                onSelect: props.onLater,
              },
            ]}
          />
        )}
      </span>
    </div>
  );
}
