// What the lists of the composer offer: snippets, articles, colleagues, emoji, variables.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Article, CaseAnswer, ChannelKind, Language, Snippet, Texts } from '@api/types';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { sought } from '@agent/parts/sought';
import { resolve, VARIABLES } from '@agent/parts/template';
import type { Trigger } from './triggers';

export interface Mention {
  kind: 'person' | 'department';
  id: string;
  name: string;
}

export interface Suggestion {
  id: string;
  sign: string;
  label: string;
  hint: string;
  insert: string;
  mention?: Mention;
}

/** The text in the first of these languages it is written in. */
export function inLanguage(texts: Texts, ...languages: (string | null | undefined)[]): string {
  for (const language of languages) {
    const found = language ? texts[language.slice(0, 2) as keyof Texts] : undefined;
    if (found) return found;
  }
  return Object.values(texts).find(Boolean) ?? '';
}

export function useSnippets(on: boolean) {
  const { client } = useWorkspace();
  return useQuery({
    queryKey: ['snippets'],
    queryFn: async () => (await client.get<{ items: Snippet[] }>('/v1/snippets')).items,
    enabled: on,
  });
}

function useArticles(on: boolean) {
  const { client } = useWorkspace();
  return useQuery({
    queryKey: ['articles'],
    queryFn: async () =>
      (await client.get<{ items: Article[] }>('/v1/articles', { query: { limit: 500 } })).items,
    enabled: on,
  });
}

function useEmoji(on: boolean) {
  return useQuery({
    queryKey: ['emoji'],
    queryFn: async () => (await import('./emoji')).emoji(),
    staleTime: Infinity,
    enabled: on,
  });
}

interface Asked {
  answer: CaseAnswer;
  channel: ChannelKind | undefined;
  trigger: Trigger | undefined;
}

/** The choices for what is being typed; undefined while they are fetched. */
export function useSuggestions({ answer, channel, trigger }: Asked): Suggestion[] | undefined {
  const { t } = useTranslation();
  const mine = useLanguage();
  const { colleagues, departments, me } = useSetup();
  const kind = trigger?.kind;
  const snippets = useSnippets(kind === 'snippet').data;
  const articles = useArticles(kind === 'article').data;
  const emoji = useEmoji(kind === 'emoji').data;
  if (!trigger) return [];
  const { query } = trigger;
  const theirs = answer.case.language ?? answer.case.customer.language;
  const values = answer.variables ?? {};
  const fill = (text: string): string => resolve(text, values).text;
  switch (trigger.kind) {
    case 'snippet':
      return (
        snippets &&
        sought(
          snippets.filter(
            (one) => one.channels.length === 0 || !channel || one.channels.includes(channel),
          ),
          query,
          (one) => [one.shortcut, one.name],
        ).map((one) => {
          const body = fill(inLanguage(one.bodies, theirs, mine));
          return {
            id: one.id,
            sign: `/${one.shortcut}`,
            label: one.name,
            hint: body,
            insert: body,
          };
        })
      );
    case 'article':
      return (
        articles &&
        sought(articles, query, (one) => [
          ...Object.values(one.titles),
          ...Object.values(one.titles).flatMap((title) => title.split(/\s+/)),
        ]).map((one) => {
          const title = inLanguage(one.titles, theirs, mine);
          const body = inLanguage(one.bodies, theirs, mine);
          return {
            id: one.id,
            sign: '#',
            label: title,
            hint: one.url || body,
            insert: one.url ? `${title}: ${one.url}` : fill(body),
          };
        })
      );
    case 'mention':
      return sought<Mention>(
        [
          ...colleagues
            .filter(({ id }) => id !== me.id)
            .map(({ id, name }) => ({ kind: 'person' as const, id, name })),
          ...departments.map(({ id, name }) => ({ kind: 'department' as const, id, name })),
        ],
        query,
        (one) => [one.name, ...one.name.split(/\s+/)],
      ).map((one) => ({
        id: one.id,
        sign: '@',
        label: one.name,
        hint: t(`composer.mention_${one.kind}`),
        insert: `@${one.name} `,
        mention: one,
      }));
    case 'emoji':
      return (
        emoji &&
        sought(emoji, query, (one) => one.names, 12).map((one) => ({
          id: one.sign,
          sign: one.sign,
          label: one.in(mine as Language),
          hint: '',
          insert: one.sign,
        }))
      );
    case 'variable':
      return sought(VARIABLES, query, (one) => [one, t(`variable.${one}`)]).map((one) => ({
        id: one,
        sign: `{{${one}}}`,
        label: t(`variable.${one}`),
        hint: values[one] || t('composer.variable_unknown'),
        insert: `{{${one}}}`,
      }));
  }
}
