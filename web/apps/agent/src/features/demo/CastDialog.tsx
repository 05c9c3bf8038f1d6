// Who plays: what each of them lives on, what that means today, and their stories to begin by hand.

import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, supported } from '@i18n/index';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Chip, Face } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import type { CastMember, DemoState } from './useDemo';

function Member({
  who,
  stories,
  play,
}: {
  who: CastMember;
  stories: DemoState['stories'];
  play: (key: string) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const spoken = supported(who.language);
  const name = who.company ? `${who.name} · ${who.company}` : who.name;
  return (
    <li className="cast-member">
      <Face name={who.name} />
      <div className="grow">
        <div className="row wrap">
          <strong>{name}</strong>
          {who.over.map((kind) => (
            <ChannelMark key={kind} kind={kind} size={14} />
          ))}
          <span className="tiny soft">{spoken ? LANGUAGE_NAMES[spoken] : who.language}</span>
          {who.later.length > 0 && (
            <Chip>
              {t('demo.later', {
                channels: who.later.map((one) => t(`demo.channel.${one}`)).join(', '),
              })}
            </Chip>
          )}
        </div>
        <p className="small soft">{who.lives[language] ?? who.lives['en']}</p>
        <div className="row wrap">
          {stories.map((story) => (
            <Button key={story.key} small icon="play" onClick={() => play(story.key)}>
              {story.title[language] ?? story.title['en']}
            </Button>
          ))}
        </div>
      </div>
    </li>
  );
}

interface CastProps {
  state: DemoState;
  act: (act: string, done: string) => Promise<boolean>;
  onClose: () => void;
}

export function CastDialog({ state, act, onClose }: CastProps) {
  const { t } = useTranslation();
  const play = (key: string): void => void act(`story:${key}`, t('demo.act_done'));
  return (
    <Dialog wide title={t('demo.cast')} onClose={onClose} actions={null}>
      <p className="small soft">{t('demo.cast_hint')}</p>
      <ul className="cast">
        {state.cast.map((who) => (
          <Member
            key={who.key}
            who={who}
            stories={state.stories.filter((story) => story.members.includes(who.key))}
            play={play}
          />
        ))}
      </ul>
    </Dialog>
  );
}
