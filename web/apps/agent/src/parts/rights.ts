// What rights open on the screen; the server decides again.

/** The pages of the administration in their groups, each with the rights of which one opens it. */
export const ADMIN_GROUPS: readonly (readonly [string, readonly (readonly [string, string])[]])[] =
  [
    ['start', [['guide', 'configure']]],
    [
      'team',
      [
        ['people', 'people'],
        ['roles', 'people'],
        ['departments', 'structure'],
        ['skills', 'structure'],
        ['statuses', 'structure'],
      ],
    ],
    [
      'work',
      [
        ['queues', 'structure'],
        ['capacity', 'structure'],
        ['hours', 'structure'],
        ['targets', 'structure'],
        ['escalation', 'structure'],
        ['rules', 'rules'],
        ['kinds', 'rules'],
        ['events', 'rules'],
      ],
    ],
    [
      'doors',
      [
        ['channels', 'channels'],
        ['widget', 'channels'],
        ['brands', 'channels'],
        ['quarantine', 'channels'],
      ],
    ],
    [
      'words',
      [
        ['snippets', 'share publish'],
        ['articles', 'share publish'],
        ['macros', 'share publish'],
      ],
    ],
    [
      'system',
      [
        ['configuration', 'configure'],
        ['audit', 'examine'],
        ['health', 'operate'],
      ],
    ],
  ];

interface Holder {
  rights?: readonly string[];
}

export const may = (me: Holder, right: string): boolean => me.rights?.includes(right) ?? false;

const opens = (me: Holder, needs: string): boolean =>
  needs.split(' ').some((right) => may(me, right));

/** The groups with the pages somebody may open; groups without one are left out. */
export const adminGroups = (me: Holder): { id: string; pages: string[] }[] =>
  ADMIN_GROUPS.map(([id, pages]) => ({
    id,
    pages: pages.filter(([, needs]) => opens(me, needs)).map(([page]) => page),
  })).filter((group) => group.pages.length > 0);

/** Who may see a page of the administration. */
export const configures = (me: Holder): boolean => adminGroups(me).length > 0;
