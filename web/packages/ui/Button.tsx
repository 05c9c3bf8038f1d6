// Buttons: with words, or with an icon whose name is spoken and shown on hover.

import type { ButtonHTMLAttributes, Ref } from 'react';
import { Icon, type IconName } from './Icon';

type Looks = 'primary' | 'plain' | 'quiet' | 'danger';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Looks;
  small?: boolean;
  icon?: IconName;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = 'plain',
  small,
  icon,
  busy,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  const classes = ['button', `button-${look}`, small ? 'button-small' : '', className ?? ''];
  return (
    <button
      type="button"
      {...rest}
      // Not disabled while busy: that would throw the focus away.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
      className={classes.join(' ').trim()}
    >
      {icon && <Icon name={icon} size={small ? 15 : 17} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  label: string;
  keys?: string;
  size?: number;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, keys, size = 18, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`icon-button ${className ?? ''}`.trim()}
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
