// The widget as it will look, in its own frame, drawn anew with every change of the form.

import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '@agent/data/hooks';

interface PreviewProps {
  accountKey: string;
  look: Record<string, string>;
}

/** Talks with the frame as a page does: with exactly one origin, and only with this frame. */
export function WidgetPreview({ accountKey, look }: PreviewProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const frame = useRef<HTMLIFrameElement>(null);
  const now = useRef(look);
  now.current = look;
  const { origin } = window.location;
  useEffect(() => {
    const say = (message: unknown): void =>
      frame.current?.contentWindow?.postMessage(message, origin);
    const hear = (event: MessageEvent<{ t?: string; name?: string }>): void => {
      if (event.origin !== origin || event.source !== frame.current?.contentWindow) return;
      if (event.data.t === 'here') {
        const host = { page: origin, lang: language, hash: '' };
        say({ t: 'hello', language, settings: { ...now.current, preview: true }, host });
      }
      if (event.data.t === 'event' && event.data.name === 'ready')
        say({ t: 'call', call: ['open'] });
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, [origin, language]);
  useEffect(() => {
    frame.current?.contentWindow?.postMessage({ t: 'call', call: ['wish', look] }, origin);
  }, [look, origin]);
  const asked = new URLSearchParams({ key: accountKey, origin });
  return (
    <iframe
      ref={frame}
      className="widget-preview"
      title={t('widget.preview')}
      src={`/widget/frame?${asked}`}
    />
  );
}
