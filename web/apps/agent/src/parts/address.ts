// An address as a person says it: keys of chat visitors mean something to machines only.

import type { TFunction } from 'i18next';

/** Chat keys are `a:` and a drawn id for a stranger, `u:` and the site's own name for its customer. */
export function spoken(address: string, t: TFunction): string {
  if (address.startsWith('a:')) return t('identity.stranger');
  return address.startsWith('u:') ? t('identity.of_site', { key: address.slice(2) }) : address;
}
