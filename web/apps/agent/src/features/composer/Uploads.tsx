// Files on their way up: progress, failures with retry, and those that are ready to go.

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '@api/problem';
import type { UploadedFile } from '@api/types';
import { size } from '@i18n/format';
import { IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import type { DraftState } from './useDraft';

interface Going {
  key: number;
  file: File;
  part: number;
  problem?: string;
  stop: AbortController;
}

/** What becomes of a file once it is on the server. */
type Done = (file: UploadedFile, source: File) => void;

export interface Uploads {
  going: readonly Going[];
  /** Addresses in this tab of pictures that were added, by upload. */
  pictures: ReadonlyMap<string, string>;
  add: (files: Iterable<File>, done?: Done) => void;
  retry: (key: number) => void;
  drop: (key: number) => void;
}

/** `limit` is that of the channel; what is larger is refused before a byte leaves. */
export function useUploads(draft: DraftState, limit: number): Uploads {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const language = useLanguage();
  const [going, setGoing] = useState<readonly Going[]>([]);
  const next = useRef(1);
  const pictures = useRef(new Map<string, string>());
  useEffect(() => {
    const shown = pictures.current;
    return () => {
      for (const address of shown.values()) URL.revokeObjectURL(address);
    };
  }, []);
  const change = (key: number, part: Partial<Going>): void =>
    setGoing((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const drop = (key: number): void => {
    going.find((one) => one.key === key)?.stop.abort();
    setGoing((all) => all.filter((one) => one.key !== key));
  };
  const start = (one: Going, done?: Done): void => {
    client
      .upload<UploadedFile>(
        '/v1/files',
        one.file,
        (part) => change(one.key, { part }),
        one.stop.signal,
      )
      .then((file) => {
        setGoing((all) => all.filter((other) => other.key !== one.key));
        if (one.file.type.startsWith('image/'))
          pictures.current.set(file.id, URL.createObjectURL(one.file));
        draft.setFiles((files) => [...files, file]);
        done?.(file, one.file);
      })
      .catch((error: unknown) => {
        if (one.stop.signal.aborted) return;
        const words = error instanceof ApiProblem ? error.detail || error.title : '';
        change(one.key, { problem: words || t('ui.line_down') });
      });
  };
  const add = (files: Iterable<File>, done?: Done): void => {
    for (const file of files) {
      const one: Going = { key: next.current, file, part: 0, stop: new AbortController() };
      next.current += 1;
      const large = file.size > limit;
      const problem = t('composer.file_limit', { limit: size(language, limit) });
      setGoing((all) => [...all, large ? { ...one, problem } : one]);
      if (!large) start(one, done);
    }
  };
  const retry = (key: number): void => {
    const one = going.find((other) => other.key === key);
    if (!one || one.file.size > limit) return;
    change(key, { problem: undefined, part: 0 });
    start(one);
  };
  return { going, pictures: pictures.current, add, retry, drop };
}

export function UploadRow({ uploads, draft }: { uploads: Uploads; draft: DraftState }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (uploads.going.length === 0 && draft.files.length === 0) return null;
  return (
    <ul className="uploads">
      {draft.files.map((file) => (
        <li key={file.id} className="upload">
          <Icon name="file" size={15} />
          <span className="cut">{file.name}</span>
          <span className="tiny soft">{size(language, file.size)}</span>
          <IconButton
            icon="close"
            size={14}
            label={t('file.remove', { name: file.name })}
            onClick={() => draft.setFiles((files) => files.filter((one) => one.id !== file.id))}
          />
        </li>
      ))}
      {uploads.going.map((one) => (
        <li key={one.key} className={one.problem ? 'upload upload-bad' : 'upload'}>
          <Icon name={one.problem ? 'alert' : 'file'} size={15} />
          <span className="cut">{one.file.name}</span>
          {one.problem ? (
            <button
              type="button"
              className="link-button tiny"
              onClick={() => uploads.retry(one.key)}
            >
              {one.problem} {t('ui.retry')}
            </button>
          ) : (
            <progress
              max={1}
              value={one.part}
              aria-label={t('file.uploading', { name: one.file.name })}
            />
          )}
          <IconButton
            icon="close"
            size={14}
            label={t('file.remove', { name: one.file.name })}
            onClick={() => uploads.drop(one.key)}
          />
        </li>
      ))}
    </ul>
  );
}
