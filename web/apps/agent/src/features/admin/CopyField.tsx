// A text to take away: shown, selected on focus, copied by a button.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { TextArea } from '@ui/Field';

export function CopyField({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <div className="stack">
      <TextArea
        label={label}
        readOnly
        value={text}
        className="mono"
        onFocus={(event) => event.target.select()}
      />
      <div className="row">
        <Button icon={copied ? 'check' : 'copy'} onClick={copy}>
          {t(copied ? 'ui.copied' : 'ui.copy')}
        </Button>
      </div>
    </div>
  );
}
