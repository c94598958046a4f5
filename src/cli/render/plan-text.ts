import type { WireConnectorPlan, WirePlanStep } from '../../api/contract/index.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';

type Step = Omit<WirePlanStep, 'connector_id'>;
type Plan = Pick<WireConnectorPlan, 'unchanged'> & { readonly steps: readonly Step[] };

/** A plan as a diff, with a last line that counts. */
export function planText(plan: Plan, paint: Colours): string {
  const blocks = plan.steps.map((step) => stepText(step, paint));
  return [...blocks, countText(plan)].join('\n\n');
}

/** Counts what a plan does, or has done, in one line. */
export function countText({ steps, unchanged }: Plan, isDone = false): string {
  const others = `${unchanged} unchanged`;
  if (steps.length === 0) return `No changes: ${others}.`;
  const counts = (['create', 'change', 'replace', 'remove'] as const).flatMap((action) => {
    const count = steps.filter((step) => step.action === action).length;
    if (count === 0) return [];
    return isDone ? `${count} ${action}d` : `${count} to ${action}`;
  });
  return `${counts.join(', ')}; ${others}.`;
}

const signs = { create: '+', change: '~', replace: '±', remove: '-' } as const;
const colourOf = { create: 'green', change: 'yellow', replace: 'red', remove: 'red' } as const;

function stepText(step: Step, paint: Colours): string {
  const { action, key, name, type, mode, changes } = step;
  const title = `${signs[action]} ${action.padEnd(7)}  ${printable(key)}`;
  const about = `${type}, ${mode}${name === key ? '' : `, "${printable(name)}"`}`;
  const lines = changes.map((change) => `    ${changeText(step, change, paint)}`);
  const remarks = remarksOn(step).map((remark) => `    ${paint.dim(remark)}`);
  return [`${paint[colourOf[action]](title)}  ${paint.dim(about)}`, ...remarks, ...lines].join('\n');
}

function remarksOn({ action, adopted, changes }: Step): string[] {
  if (adopted) return ['exists, created by hand; comes from code from now on'];
  if (action === 'replace') return ['another type or mode: gets a new URL and secret'];
  if (action === 'change' && changes.length === 0) return ['is as its file says; edited by hand before'];
  return [];
}

function changeText({ action }: Step, change: WirePlanStep['changes'][number], paint: Colours): string {
  const name = paint.cyan(printable(change.field));
  const edited = change.edited_elsewhere ? paint.yellow('  (edited by hand since the last apply)') : '';
  if (change.secret) return `${name}  (secret)${edited}`;
  const after = valueText(change.after);
  if (action !== 'change') return `${name}  ${after}`;
  return `${name}  ${valueText(change.before)} -> ${after}${edited}`;
}

/** Characters of a value that are shown: a plan is read at a glance. */
const valueLength = 80;

function valueText(value: JsonValue): string {
  return value === null ? 'not set' : oneLine(JSON.stringify(value), valueLength);
}
