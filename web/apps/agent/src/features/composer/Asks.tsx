// The questions before an answer leaves: one after the other, each can be answered or taken back.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, type LanguageCode } from '@i18n/index';
import { Button } from '@ui/Button';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { TextArea } from '@ui/Field';

export type Question =
  | { kind: 'reason'; channel: string }
  | { kind: 'attachment' }
  | { kind: 'language'; text: string; customer: string }
  | { kind: 'owner'; name: string; takeOver: boolean };

interface AsksProps {
  question: Question;
  /** Goes on: with a reason, or having joined or taken over. */
  onGo: (answer: { reason?: string; takeOver?: boolean }) => void;
  onNote: () => void;
  onClose: () => void;
}

const named = (code: string): string => LANGUAGE_NAMES[code as LanguageCode] ?? code;

function Reason({ channel, onGo, onClose }: AsksProps & { channel: string }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const ready = reason.trim() !== '';
  return (
    <Dialog
      title={t('composer.reason_title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          disabled={!ready}
          onClick={() => onGo({ reason: reason.trim() })}
        >
          {t('composer.go_on')}
        </Confirm>
      }
    >
      <p>{t('composer.reason_text', { channel: t(`channel.${channel}`) })}</p>
      <TextArea
        label={t('composer.reason')}
        rows={2}
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}

function Owner({
  name,
  takeOver,
  onGo,
  onNote,
  onClose,
}: AsksProps & { name: string; takeOver: boolean }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('composer.owner_title', { name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onNote}>{t('composer.owner_note')}</Button>
          {takeOver && (
            <Button onClick={() => onGo({ takeOver: true })}>{t('composer.owner_take')}</Button>
          )}
          <Button look="primary" onClick={() => onGo({})}>
            {t('composer.owner_join')}
          </Button>
        </>
      }
    >
      <p>{t('composer.owner_text', { name })}</p>
    </Dialog>
  );
}

export function Asks(props: AsksProps) {
  const { t } = useTranslation();
  const { question, onGo, onClose } = props;
  if (question.kind === 'reason') return <Reason {...props} channel={question.channel} />;
  if (question.kind === 'owner') return <Owner {...props} {...question} />;
  const attachment = question.kind === 'attachment';
  return (
    <Dialog
      title={t(attachment ? 'composer.attachment_title' : 'composer.language_title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => onGo({})}>{t('composer.send_anyway')}</Button>
          <Button look="primary" onClick={onClose}>
            {t('ui.edit')}
          </Button>
        </>
      }
    >
      <p>
        {attachment
          ? t('composer.attachment_text')
          : t('composer.language_text', {
              text: named(question.text),
              customer: named(question.customer),
            })}
      </p>
    </Dialog>
  );
}
