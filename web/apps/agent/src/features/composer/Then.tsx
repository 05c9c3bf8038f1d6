// What becomes of the Case once the reply is sent.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';

export type ThenChoice = 'open' | 'wait_customer' | 'solve';

const CHOICES: ThenChoice[] = ['open', 'wait_customer', 'solve'];

interface ThenProps {
  value: ThenChoice;
  onChange: (value: ThenChoice) => void;
  disabled: boolean;
}

export function Then({ value, onChange, disabled }: ThenProps) {
  const { t } = useTranslation();
  return (
    <Menu
      up
      label={t('then.label')}
      className="then-button"
      button={
        <>
          <span className="soft then-word">{t('then.then')}</span>
          <span className="cut">{t(`then.${value}`)}</span>
          <Icon name="down" size={14} />
        </>
      }
      items={CHOICES.map((choice) => ({
        id: choice,
        label: t(`then.${choice}`),
        hint: t(`then.${choice}_hint`),
        checked: choice === value,
        disabled,
        onSelect: () => onChange(choice),
      }))}
    />
  );
}
