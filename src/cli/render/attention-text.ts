import type { AttentionItem } from '../../core/attention/attention-item.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { durationText } from '../time-text.ts';
import { shellName } from './curl-command.ts';

/** What people see of something that needs attention. */
export type ShownAttention = Pick<AttentionItem, 'kind' | 'title' | 'reason' | 'since' | 'whatToDo'>;

/** What needs attention, since when, and what to do; the same on the start screen and in `connectors health`. */
export function attentionText(items: readonly ShownAttention[], now: number, paint: Colours): string {
  return items.map((item) => itemText(item, now, paint)).join('\n');
}

function itemText(item: ShownAttention, now: number, paint: Colours): string {
  const { kind, title, reason, since, whatToDo } = item;
  const mark = kind === 'model-key-missing' || kind === 'budget-warning' ? paint.yellow('!') : paint.red('!');
  const lasting = since === null ? '' : ` (for ${durationText(Math.max(0, now - since))})`;
  const command = commandFor(item);
  const next = command === null ? whatToDo : `${whatToDo} See: ${command}`;
  return `${mark} ${paint.bold(printable(title))}: ${oneLine(reason, 200)}${lasting}\n  ${paint.dim(next)}`;
}

function commandFor({ kind, title }: ShownAttention): string | null {
  switch (kind) {
    case 'connector-failing':
      return `npx connectors show ${shellName(title)}`;
    case 'condition-failing':
      return `npx connectors history ${shellName(title)}`;
    case 'connector-disabled':
      return `npx connectors enable ${shellName(title)}`;
    case 'deployment-paused':
      return 'npx connectors resume --all';
    case 'agent-paused':
      return `npx connectors resume --agent ${shellName(title)}`;
    case 'connector-paused':
      return `npx connectors resume ${shellName(title)}`;
    case 'budget-reached':
    case 'budget-unpriced':
    case 'budget-warning':
      return `npx connectors budgets show ${shellName(title)}`;
    case 'dead-letters':
      return 'npx connectors dead-letters';
    case 'project-broken':
      return 'npx connectors agents';
    case 'model-key-missing':
      return null;
  }
}
