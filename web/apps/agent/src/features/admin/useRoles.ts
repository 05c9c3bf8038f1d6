// The roles somebody can be given, by key and name.

import { useTranslation } from 'react-i18next';
import { roleName, type RoleRow } from './roleModel';
import { useRowsOf } from './list';

export interface RoleChoice {
  key: string;
  name: string;
  takes: boolean;
}

/** Own roles as they are called; while nothing has come yet, none. */
export function useRoles(): RoleChoice[] {
  const { t } = useTranslation();
  const { rows } = useRowsOf<RoleRow>('/v1/roles');
  return rows.map((row) => ({
    key: row.key,
    name: roleName(row, t),
    takes: row.rights.includes('take'),
  }));
}
