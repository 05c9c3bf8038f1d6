// What a role opens on the screen; the server decides again.

/** Who may see the pages of the administration. */
export const configures = (roles: readonly string[]): boolean =>
  ['admin', 'supervisor', 'auditor'].some((role) => roles.includes(role));
