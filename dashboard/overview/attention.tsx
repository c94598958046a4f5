import { Suspense } from 'react';
import { Link } from 'wouter';
import type { WireAttentionItem } from '../../src/api/contract/attention.ts';
import { useAttention } from '../api/attention.ts';
import { useConnectors } from '../api/connectors.ts';
import { counted } from '../format/numbers.ts';
import { loadLater } from '../parts/load-later.ts';
import { Notice } from '../parts/notice.tsx';
import { ElapsedTime } from '../parts/time-text.tsx';
import classes from './attention.module.css';

const BudgetBar = loadLater(() => import('../budgets/used-bar.tsx'));

/** What needs attention, since when, and what to do; empty if nothing does. */
export function Attention() {
  const items = useAttention().data?.items ?? [];
  if (items.length === 0) return null;
  const tone = items.every(({ kind }) => kind === 'model-key-missing' || kind === 'budget-warning')
    ? 'warn'
    : 'bad';
  return (
    <Notice
      tone={tone}
      title={items.length === 1 ? '1 thing needs attention' : `${items.length} things need attention`}
    >
      {items.map((item) => (
        <div key={`${item.kind} ${item.subject}`} className={classes.item}>
          <p>
            <Title item={item} />: {item.reason}{' '}
            {item.since !== null && (
              <>
                {lastingWord(item)} for <ElapsedTime since={item.since} />.{' '}
              </>
            )}
            {item.what_to_do}
          </p>
          {isAboutBudget(item) && (
            <div className={classes.bar}>
              <Suspense>
                <BudgetBar id={item.subject ?? ''} />
              </Suspense>
            </div>
          )}
        </div>
      ))}
    </Notice>
  );
}

/** Connectors from code that were edited since, with the way to the edits; empty if there are none. */
export function EditedConnectors() {
  const edited = (useConnectors().data ?? []).filter(({ code }) => code !== null && code.drift.length > 0);
  if (edited.length === 0) return null;
  return (
    <Notice
      tone="warn"
      title={`${counted(edited.length, 'connector')} from code ${edited.length === 1 ? 'was' : 'were'} edited`}
    >
      <p>
        The next apply takes the edits back. <Link href="/connectors-as-code">Compare with the files</Link>
      </p>
    </Notice>
  );
}

function isAboutBudget({ kind }: WireAttentionItem): boolean {
  return kind === 'budget-reached' || kind === 'budget-warning';
}

function lastingWord({ kind }: WireAttentionItem): string {
  if (kind.endsWith('-paused')) return 'Paused';
  return kind === 'connector-disabled' ? 'Disabled' : 'Failing';
}

function Title({ item }: { item: WireAttentionItem }) {
  const path = pathOf(item);
  return path === null ? <strong>{item.title}</strong> : <Link href={path}>{item.title}</Link>;
}

/** The page with more about the item. */
function pathOf({ kind, subject }: WireAttentionItem): string | null {
  switch (kind) {
    case 'deployment-paused':
      return '/settings';
    case 'connector-failing':
    case 'connector-disabled':
    case 'connector-paused':
    case 'condition-failing':
      return `/connectors/${subject}`;
    case 'budget-reached':
    case 'budget-unpriced':
    case 'budget-warning':
      return '/budgets';
    case 'dead-letters':
      return '/dead-letters';
    case 'project-broken':
      return '/agents';
    case 'agent-paused':
    case 'model-key-missing':
      return `/agents/${subject}`;
  }
}
