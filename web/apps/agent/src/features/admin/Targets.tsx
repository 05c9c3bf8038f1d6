// What is promised to whom: policies as sentences in their order, and an example to try them with.

import { useTranslation } from 'react-i18next';
import { span } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Chip } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { Laws } from './Laws';
import { AdminPage, seen, useEditing, useRowsOf, useSave } from './list';
import { Ordered } from './Ordered';
import { TargetBench } from './TargetBench';
import { TargetDialog } from './TargetDialog';
import { PROMISED, type PolicyRow } from './targetModel';
import { useScopeWords } from './useScopeWords';
import './rules.css';
import './targets.css';

function Sentence({ row, ladder }: { row: PolicyRow; ladder: string | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { inWords } = useScopeWords();
  return (
    <div className="grow stack-tight rule-body">
      <span className="row wrap">
        <strong>{row.name}</strong>
        {!row.active && <Chip>{t('targets.off')}</Chip>}
      </span>
      <span className="small soft rule-when">{inWords(row.scope)}</span>
      <span className="row wrap">
        {PROMISED.filter((one) => row.targets[`${one}_s`]).map((one) => (
          <Chip key={one} tone="accent">
            {t('targets.within', {
              what: t(`sla.${one}`),
              time: span(language, (row.targets[`${one}_s`] ?? 0) * 1000),
            })}
          </Chip>
        ))}
        {ladder && <Chip icon="bell">{ladder}</Chip>}
        {row.warn_pct !== 75 && <Chip>{t('targets.warns', { pct: row.warn_pct })}</Chip>}
      </span>
    </div>
  );
}

export function Targets() {
  const { t } = useTranslation();
  const list = useRowsOf<PolicyRow>('/v1/sla_policies');
  const ladders = useRowsOf<{ id: string; name: string }>('/v1/escalations');
  const { save, client } = useSave();
  const { editing, add, edit, close } = useEditing<PolicyRow>();
  return (
    <div className="stack">
      <AdminPage
        title={t('admin.targets')}
        hint={t('targets.hint')}
        empty={t('targets.nothing')}
        list={list}
        action={
          <Button look="primary" icon="plus" onClick={add}>
            {t('targets.new')}
          </Button>
        }
        dialogs={
          editing && <TargetDialog row={editing.row} rank={list.rows.length} onClose={close} />
        }
      >
        <Ordered
          rows={list.rows}
          onMove={(ids) => void save(() => client.put('/v1/sla_policies/order', { body: { ids } }))}
          show={(row) => (
            <Sentence
              row={row}
              ladder={ladders.rows.find((one) => one.id === row.escalation_id)?.name}
            />
          )}
          actions={(row) => (
            <>
              <IconButton
                icon="edit"
                label={t('admin.edit', { name: row.name })}
                onClick={() => edit(row)}
              />
              <IconButton
                icon="trash"
                label={t('targets.remove', { name: row.name })}
                onClick={() =>
                  void save(
                    () => client.delete(`/v1/sla_policies/${row.id}`, { headers: seen(row) }),
                    t('targets.removed'),
                  )
                }
              />
            </>
          )}
        />
        <p className="rule-rest small soft">{t('targets.rest')}</p>
      </AdminPage>
      <TargetBench />
      <Laws />
    </div>
  );
}
