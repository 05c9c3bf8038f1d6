// Shared from another application: into which Case it goes; there it stands in the note, nothing is sent by itself.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CasePage, SearchAnswer, UploadedFile } from '@api/types';
import { size } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Scroll } from '@ui/Scroll';
import { asError, useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { CaseLine } from '@agent/parts/CaseLine';
import { runCommand } from '@agent/parts/registry';
import { forgetShare, keptShare, type Shared } from './kept';
import './share.css';

/** Puts words and files into the person's note of a Case, behind what stands there already. */
function useInto() {
  const { client, drafts } = useWorkspace();
  return async (found: Case, { text, files }: Shared): Promise<void> => {
    const never = new AbortController().signal;
    const up = (file: File): Promise<UploadedFile> =>
      client.upload<UploadedFile>('/v1/files', file, () => undefined, never);
    const added = await Promise.all(files.map(up));
    const before = drafts.get(found.id, 'note');
    const words = [before?.text, text].filter(Boolean).join('\n\n');
    drafts.set(found.id, 'note', words, [...(before?.files ?? []), ...added]);
  };
}

/** Opens the note once the Case is there to answer. */
function toNote(tries = 30): void {
  if (!runCommand('note') && tries > 0) setTimeout(() => toNote(tries - 1), 100);
}

function useCases(words: string) {
  const { client } = useWorkspace();
  return useQuery({
    queryKey: ['share', words],
    queryFn: async () => {
      const query = { q: words };
      if (words.length > 1)
        return (await client.get<SearchAnswer>('/v1/search/suggestions', { query })).cases;
      const mine = { tab: 'mine', sort: 'newest', limit: 20 };
      return (await client.get<CasePage>('/v1/cases', { query: mine })).items;
    },
    placeholderData: (before) => before,
  });
}

function What({ text, files }: Shared) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <section className="share-what stack-tight" aria-label={t('share.what')}>
      {text && <p className="share-text">{text}</p>}
      {files.map((file) => (
        <span key={file.name} className="row small">
          <Icon name="file" size={15} /> <span className="cut">{file.name}</span>
          <span className="soft">{size(language, file.size)}</span>
        </span>
      ))}
    </section>
  );
}

function Choose({ shared }: { shared: Shared }) {
  const { t } = useTranslation();
  const { busy, run } = useAct();
  const into = useInto();
  const [words, setWords] = useState('');
  const cases = useCases(words.trim());
  const found = cases.data ?? [];
  const choose = async (one: Case): Promise<void> => {
    if (!(await run(() => into(one, shared), t('share.done')))) return;
    await forgetShare();
    go(href('case', one.id), true);
    toNote();
  };
  return (
    <>
      <What {...shared} />
      <TextField
        type="search"
        label={t('share.find')}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Async
        loading={cases.isLoading}
        error={asError(cases.error)}
        retry={() => void cases.refetch()}
        empty={found.length === 0}
        nothing={{ title: t('search.nothing'), icon: 'search' }}
      >
        <ul className="link-list share-cases">
          {found.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="pick-row row"
                aria-disabled={busy || undefined}
                onClick={() => !busy && void choose(one)}
              >
                <CaseLine found={one} />
              </button>
            </li>
          ))}
        </ul>
      </Async>
      <Button
        onClick={() => {
          void forgetShare();
          go(href('inbox', 'mine'), true);
        }}
      >
        {t('ui.cancel')}
      </Button>
    </>
  );
}

export function Share() {
  const { t } = useTranslation();
  const shared = useQuery({
    queryKey: ['shared'],
    queryFn: async () => (await keptShare()) ?? null,
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <Scroll className="page" label={t('share.title')}>
      <div className="page-inner stack">
        <h1>{t('share.title')}</h1>
        <Async
          loading={shared.isLoading}
          error={asError(shared.error)}
          empty={shared.data === null}
          nothing={{ title: t('share.nothing'), hint: t('share.nothing_hint'), icon: 'file' }}
        >
          {shared.data && <Choose shared={shared.data} />}
        </Async>
      </div>
    </Scroll>
  );
}
