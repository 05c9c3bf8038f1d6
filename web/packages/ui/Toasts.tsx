// Short messages at the bottom of the page, with one action and a time to live.

import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './Button';
import { Icon } from './Icon';

export interface Toast {
  id: number;
  text: string;
  bad?: boolean;
  action?: { label: string; run: () => void };
}

const LIFE_MS = 10_000;

class ToastRack {
  private toasts: readonly Toast[] = [];
  private listeners = new Set<() => void>();
  private next = 1;

  /** Shows it for its time; returns its number, by which it can be taken off earlier. */
  show(toast: Omit<Toast, 'id'>, ms = LIFE_MS): number {
    const id = this.next;
    this.next += 1;
    this.set([...this.toasts.slice(-2), { ...toast, id }]);
    setTimeout(() => this.hide(id), ms);
    return id;
  }

  hide(id: number): void {
    this.set(this.toasts.filter((toast) => toast.id !== id));
  }

  get = (): readonly Toast[] => this.toasts;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  private set(toasts: readonly Toast[]): void {
    this.toasts = toasts;
    for (const listener of this.listeners) listener();
  }
}

export const toasts = new ToastRack();

export function Toasts() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={toast.bad ? 'toast toast-bad' : 'toast'}>
          <Icon name={toast.bad ? 'alert' : 'check'} size={16} />
          <span className="grow">{toast.text}</span>
          {toast.action && (
            <Button
              small
              look="quiet"
              onClick={() => {
                toast.action?.run();
                toasts.hide(toast.id);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton
            icon="close"
            size={15}
            label={t('ui.close')}
            onClick={() => toasts.hide(toast.id)}
          />
        </div>
      ))}
    </div>
  );
}
