// The tool bar above what somebody writes; its buttons leave the caret where it is.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@ui/Button';
import type { IconName } from '@ui/Icon';

export interface Tool {
  icon: IconName;
  /** Its words are `composer.format_<name>`. */
  name: string;
  run: () => void;
}

interface WriteBarProps {
  tools: readonly Tool[];
  disabled: boolean;
  children?: ReactNode;
}

export function WriteBar({ tools, disabled, children }: WriteBarProps) {
  const { t } = useTranslation();
  return (
    <div className="row write-bar" role="toolbar" aria-label={t('composer.format')}>
      {tools.map((one) => (
        <IconButton
          key={one.name}
          icon={one.icon}
          size={16}
          label={t(`composer.format_${one.name}`)}
          disabled={disabled}
          onMouseDown={(event) => event.preventDefault()}
          onClick={one.run}
        />
      ))}
      {children}
    </div>
  );
}
