import { hash } from 'node:crypto';
import type { Connector, Mode } from '../connectors/connector.ts';
import type { ConnectorDraft } from '../connectors/create-connector.ts';
import { lineProblem } from '../control-characters.ts';
import { type FieldChange, orderedJson } from './code-state.ts';

/** A connector as its file describes it. */
export interface CodeDraft extends ConnectorDraft {
  /** Name of the file, without its extension: identifies the connector between applies. */
  readonly key: string;
  readonly enabled: boolean;
}

/** Whether a key can be the name of a file: without a path, and one line of text. */
export function isFileName(key: string): boolean {
  return !/[/\\]/.test(key) && lineProblem(key) === null;
}

/** A change to a field, and who made it necessary. */
export interface PlannedChange extends FieldChange {
  /** The value was changed by hand since the file was applied: applying it again takes that back. */
  readonly editedElsewhere: boolean;
}

/** What happens to one connector. */
export interface PlanStep {
  /** `replace`: type or mode differ, so the connector is removed, and a new one is created. */
  readonly action: 'create' | 'change' | 'replace' | 'remove';
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly mode: Mode;
  /** The existing connector; `null` for a new one. */
  readonly connectorId: string | null;
  /** The connector was created by hand, and comes from code from now on. */
  readonly isAdopted: boolean;
  /** Empty if the connector already is as the file says, and only the record of that is missing. */
  readonly changes: readonly PlannedChange[];
}

/** What applying files would do. */
export interface Plan {
  readonly steps: readonly PlanStep[];
  /** Connectors that are as their files say. */
  readonly unchanged: number;
  /** Equal for equal plans: what was confirmed is what is applied. */
  readonly digest: string;
}

export function planOf(steps: readonly PlanStep[], unchanged: number): Plan {
  const text = steps.map((step) => orderedJson(JSON.parse(JSON.stringify(step)))).join('\n');
  return { steps, unchanged, digest: hash('sha256', text, 'base64url').slice(0, 22) };
}

/** The step that removes a connector without a file. */
export function removalOf(connector: Connector, key: string): PlanStep {
  const { id, name, type, mode } = connector;
  return { action: 'remove', key, name, type, mode, connectorId: id, isAdopted: false, changes: [] };
}
