import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConnectorTypes } from '../src/connectors/index.ts';

const connectorTypes = await loadConnectorTypes();

const root = join(import.meta.dirname, '..');

/** What ships, but for the folders whose matter the types are. */
const product = ['src/**/*.ts', 'lambdas/*.ts', 'lib/**/*.ts', 'bin/*.ts', 'dashboard/**/*.{ts,tsx}'];
const ofTypes = /^(src|lib)\/connectors\//;

/** Files that may name a type all the same: what they name is a public interface, or a choice among types. */
const paths = 'Connectors of every type are called below /webhooks/.';
const ids = 'Names in the template of the stack: another one would replace a resource.';
const settings = 'A setting or a description that operators of deployments know by this name.';
const bill = 'A unit of the price list of AWS.';
const mail = 'The email address of a person, which has nothing to do with connectors.';
const protocol = 'The management API also speaks this protocol.';
const webSocket = 'The standard protocol of this name (RFC 6455), which one type uses.';
const standard = 'Standard Webhooks is the name of a signature scheme.';
const allowed: Readonly<Record<string, string>> = {
  'src/core/connectors/connector-path.ts': paths,
  'lambdas/webhook-sync.ts': paths,
  'lib/ways/request.ts': paths,
  'lib/control-plane/dashboard.ts': paths,
  'lib/control-plane/gateway/web-acl.ts': paths,
  'dashboard/vite-config.ts': paths,
  'lib/ways/socket.ts': webSocket,
  'lib/construct-ids.ts': ids,
  'lib/stack.ts': settings,
  'lib/control-plane/gateway/gateway.ts': settings,
  'lib/functions/take-triggers.ts': settings,
  'lib/settings/agent-connectors-props.ts': settings,
  'lib/settings/settings.ts': settings,
  'src/cli/cost/aws-prices.ts': bill,
  'src/agents/models/demo-scalars.ts': mail,
  'src/agents/agent-definition.ts': mail,
  'src/agents/run/guardrails/check-content.ts': mail,
  'src/agents/run/guardrails/personal-data.ts': mail,
  'lib/monitoring/monitoring.ts': mail,
  'lib/control-plane/operators.ts': mail,
  'src/api/operators/cognito-user.ts': mail,
  'dashboard/session/email-input.tsx': mail,
  'dashboard/session/forgotten-password-form.tsx': mail,
  'dashboard/session/password-form.tsx': mail,
  'dashboard/connectors/use-connection.ts': webSocket,
  'src/cli/commands/cost.ts': webSocket,
  'src/cli/render/cost-text.ts': webSocket,
  'src/engines/aws/entry/keep-dead-letter.ts': webSocket,
  'src/engines/aws/deliveries/redrive.ts': settings,
  'src/cli/send/send-message.ts': webSocket,
  'src/core/redaction/hide-secrets.ts': webSocket,
  'src/server/connector-routes.ts': webSocket,
  'src/server/socket-connection.ts': webSocket,
  'src/server/sockets.ts': webSocket,
  'src/signatures/presets.ts': standard,
  'src/signatures/public-key.ts': 'The name of a header of a provider.',
  'src/signatures/signature-scheme.ts': standard,
  'src/cli/commands/receive.ts': 'It receives what outbound webhooks send, to try them.',
  'src/cli/receive/receive-deliveries.ts': 'As above: it verifies as receivers of webhooks do.',
  'src/cli/start/first-command.ts': 'The first start makes one connector for whoever tries the product.',
  'src/cli/commands/create.ts': 'What the command makes where no type is named.',
  'src/api/management-api.ts': protocol,
  'src/api/mcp/mcp-routes.ts': protocol,
  'src/api/operators/caller.ts': protocol,
  'src/api/contract/connector.ts': 'An example in the OpenAPI description.',
};

/** The types that a file's code names, each once; comments may explain by example. */
function typeNamesIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const code = withoutProtocol(file, withoutServices(file, text))
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
  const names = new RegExp([...connectorTypes.keys()].join('|'), 'gi');
  return [...new Set([...code.matchAll(names)].map(([name]) => name.toLowerCase()))].sort();
}

/** Where the product works on AWS: services of the same names are used there. */
const onAws = /^(src\/engines\/aws|src\/cli\/cost|lambdas|lib)\//;

/** The services of AWS that types have the names of, and their clients; a folder of a type stays. */
function withoutServices(file: string, text: string): string {
  const plain = text.replaceAll(/[Ee]ventBridge|@aws-sdk\/client-(eventbridge|sqs|s3)/g, '');
  return onAws.test(file) ? plain.replaceAll(/(?<!connectors\/)(sqs|s3)/gi, '') : plain;
}

/** Agents call servers of a protocol that a type has the name of. */
function withoutProtocol(file: string, text: string): string {
  const protocolName = file.startsWith('src/agents/') ? /mcp/gi : /mcp[_ ]?servers?/gi;
  return text.replaceAll(protocolName, '');
}

async function namedIn(): Promise<Record<string, string[]>> {
  const named: Record<string, string[]> = {};
  for await (const path of glob(product, { cwd: root })) {
    const file = path.replaceAll('\\', '/');
    if (ofTypes.test(file) || /\.test\.tsx?$/.test(file)) continue;
    const names = typeNamesIn(file);
    if (names.length > 0) named[file] = names;
  }
  return named;
}

describe('a connector type is one folder and one line', () => {
  test('nothing else in the product names one, but for the reasons that are given', async () => {
    const named = await namedIn();
    expect(Object.keys(named).filter((file) => allowed[file] === undefined)).toEqual([]);
  });

  test('no reason is given for a file that names none', async () => {
    const named = await namedIn();
    expect(Object.keys(allowed).filter((file) => named[file] === undefined)).toEqual([]);
  });
});
