// One contract for every panel: loading, empty, error, stale, forbidden and content.

import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import { Icon, type IconName } from './Icon';

/** What a refusal tells a panel; fits the problem answers of the server. */
export interface PanelError {
  status: number;
  title: string;
  detail: string;
  requestId: string;
}

interface AsyncProps {
  loading: boolean;
  error?: PanelError | null;
  empty?: boolean;
  stale?: boolean;
  skeleton?: ReactNode;
  /** What stands there when there is nothing. */
  nothing?: { title: string; hint?: string; icon?: IconName; action?: ReactNode };
  retry?: () => void;
  children: ReactNode;
}

/** Shows nothing for the first moment, so that fast answers do not flicker. */
export function Late({ children, after = 300 }: { children: ReactNode; after?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return late ? children : null;
}

export function Skeleton({ rows = 4, tall }: { rows?: number; tall?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="skeleton" role="status">
      <span className="sr">{t('ui.loading')}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={tall ? 'bone bone-tall' : 'bone'} />
      ))}
    </div>
  );
}

export function Empty({ title, hint, icon = 'inbox', action }: NonNullable<AsyncProps['nothing']>) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={26} />
      </span>
      <p className="empty-title">{title}</p>
      {hint && <p className="soft small">{hint}</p>}
      {action}
    </div>
  );
}

function Failure({ error, retry }: { error: PanelError; retry?: () => void }) {
  const { t } = useTranslation();
  const forbidden = error.status === 403;
  const title = error.status === 0 ? t('ui.line_down') : error.title || t('ui.failed');
  return (
    <div className="empty" role="alert">
      <span className="empty-icon">
        <Icon name={forbidden ? 'lock' : error.status === 0 ? 'offline' : 'alert'} size={26} />
      </span>
      <p className="empty-title">{forbidden ? t('ui.forbidden') : title}</p>
      <p className="soft small">{error.detail || (forbidden ? t('ui.forbidden_hint') : '')}</p>
      {error.requestId && (
        <p className="tiny soft">
          {t('ui.request_id')} <code className="mono">{error.requestId}</code>
        </p>
      )}
      {retry && !forbidden && (
        <Button small icon="refresh" onClick={retry}>
          {t('ui.retry')}
        </Button>
      )}
    </div>
  );
}

export function Async({
  loading,
  error,
  empty,
  stale,
  skeleton,
  nothing,
  retry,
  children,
}: AsyncProps) {
  if (error && !stale) return <Failure error={error} retry={retry} />;
  if (loading) return <Late>{skeleton ?? <Skeleton />}</Late>;
  if (empty && nothing) return <Empty {...nothing} />;
  return stale ? <div className="stale">{children}</div> : children;
}
