import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** Folders of `src/connectors`: the names of the types. */
const types = readdirSync(join(root, 'src/connectors'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What is no type's own: the registry, and the properties that it merges. */
const shared = ['index.ts', 'props.ts'];
const bound = readdirSync(join(root, 'lib/connectors')).filter((name) => !shared.includes(name));

describe('what connector types have in the stack', () => {
  test('is a file for each type that has anything, called as the type is', () => {
    const names = new Set(bound.map((name) => name.replace(/\.ts$/, '')));
    expect([...names].filter((name) => !types.includes(name))).toEqual([]);
    // Further files of a type lie in a folder of its name, beside the one that binds.
    for (const name of names) expect(bound).toContain(`${name}.ts`);
  });

  test('is added to it by the registry', () => {
    const registry = readFileSync(join(root, 'lib/connectors/index.ts'), 'utf8');
    for (const name of bound.filter((file) => file.endsWith('.ts'))) {
      expect(registry).toContain(`from './${name}'`);
    }
  });

  test('is named nowhere else in it', () => {
    const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('connectors/') && name !== 'construct-ids.ts',
    );
    const named = new RegExp(types.join('|'), 'i');
    const offenders = files.filter((name) =>
      named.test(withoutRequests(readFileSync(join(root, 'lib', name), 'utf8'))),
    );
    expect(files.length).toBeGreaterThan(50);
    expect(offenders).toEqual([]);
  });
});

/**
 * Every type that takes requests is called below `/webhooks`, and has that in its settings and descriptions; services of AWS
 * are what the stack is made of, and so is the protocol of its connections, WebSocket, with the setting of that name.
 * Alarms and operators have email addresses, and agents use MCP servers.
 */
function withoutRequests(text: string): string {
  return text
    .replaceAll(/\bwebhooks\b|webhookReservedConcurrency/gi, '')
    .replaceAll(/alarmEmail|EmailSubscription|z\.email|\{ email: true|EMAIL_ONLY/g, '')
    .replaceAll(/mcpServers|mcp_servers|MCP servers?/g, '')
    .replaceAll(/WebSocket|webSocketApi|settings\.websocket|\bwebsocket\??:/g, '')
    .replaceAll(/EventBridge|(?<!connectors\/)(sqs|s3)/gi, '');
}
