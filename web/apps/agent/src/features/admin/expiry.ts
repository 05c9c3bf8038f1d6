// How long before its end a certificate or a sign-in by token is warned about.

const DAY_MS = 86_400_000;

export const CERTIFICATE_SOON_MS = 21 * DAY_MS;
/** Renewed in minutes, and some providers give a week only. */
export const TOKEN_SOON_MS = 8 * DAY_MS;
export const SESSION_SOON_MS = DAY_MS;
