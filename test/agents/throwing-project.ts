import { Payload } from '../../src/core/json/json-value.ts';
import type { AgentRequest } from '../../src/core/ports/agent-executor.ts';

/** A project whose tool throws on line 12 of `tools/orders.ts`, out of a package and out of shared code. */
export const throwingProject = {
  'agents/desk.yaml': 'version: "1.0"\nname: desk\ntype: tool\ntool_name: orders.findOrder\n',
  'tools/orders.ts': [
    "import { call } from 'caller';",
    "import { fail } from './_shared.ts';",
    '',
    'interface OrderNumber {',
    '  order_id: string;',
    '}',
    '',
    '/** Finds an order. */',
    'export async function findOrder(input: OrderNumber): Promise<string> {',
    '  console.error(new Error("before"));',
    '  const found: string = input.order_id;',
    '  return call(() => fail(found));',
    '}',
    '',
  ].join('\n'),
  'tools/_shared.ts':
    'type Id = string;\n\nexport function fail(id: Id): never {\n  throw new Error("no order " + id);\n}\n',
  'node_modules/caller/package.json': '{"name": "caller", "type": "module", "exports": "./index.js"}',
  'node_modules/caller/index.js': 'export function call(work) {\n  return work();\n}\n',
} as const;

export const throwingRequest: AgentRequest = {
  runId: 'a-run',
  agentName: 'desk',
  connectorId: null,
  payload: Payload.of({ order_id: 'A-1' }),
  modelInput: null,
  context: {},
  attempt: 1,
  streaming: false,
  awaited: false,
  isolation: 'shared',
};

/** What the run's log has to say of it, whichever engine runs it: nothing of the product, nothing of the machine. */
export const throwingLog = [
  'Error: before\n    at findOrder (tools/orders.ts:10:17)',
  [
    'Error: no order A-1',
    '    at fail (tools/_shared.ts:4:9)',
    '    at <anonymous> (tools/orders.ts:12:21)',
    '    at call (node_modules/caller/index.js:2:10)',
    '    at findOrder (tools/orders.ts:12:10)',
  ].join('\n'),
];
