// Screens fetched when they are opened, together with the texts only they say.

import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { withTexts, type Part } from './index';

/** Like React's `lazy`; the part's texts are there before the screen is drawn. */
export function late<P extends object>(
  part: Part,
  load: () => Promise<ComponentType<P>>,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => {
    const [screen] = await Promise.all([load(), withTexts(part)]);
    return { default: screen };
  });
}
