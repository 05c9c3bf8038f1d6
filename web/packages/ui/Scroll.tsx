// A box that scrolls; with nothing to focus inside it is itself a named tab stop.

import { useRef, type HTMLAttributes } from 'react';
import { useTabStop } from './tabStop';

type ScrollProps = HTMLAttributes<HTMLDivElement> & {
  /** Says to a screen reader what is scrolled; or the id of the words that say it. */
  label?: string;
  labelledBy?: string;
};

export function Scroll({ label, labelledBy, className = '', ...rest }: ScrollProps) {
  const ref = useRef<HTMLDivElement>(null);
  const stop = useTabStop(ref);
  const named = stop
    ? ({ tabIndex: 0, role: 'region', 'aria-label': label, 'aria-labelledby': labelledBy } as const)
    : {};
  return <div {...rest} {...named} ref={ref} className={`scroll ${className}`} />;
}
