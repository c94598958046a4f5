import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { createTransport, type SendMailOptions } from 'nodemailer';
import * as z from 'zod';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { type Account, type MailServer, mailPassword, startMailServer } from './mail-server.ts';

const token = 'mail-admin-token-52c1';
const historyEntry = z.looseObject({ event: z.string(), detail: z.string() });

/** A mail server and the product, each in a process of its own. */
export interface MailTarget {
  readonly server: MailServer;
  readonly product: ProductProcess;
  readonly operator: Operator;
  /** Connection settings for reading, with TLS. */
  readonly reading: (account: Account) => Record<string, unknown>;
  /** Connection settings for sending, with TLS. */
  readonly sending: (account: Account) => Record<string, unknown>;
  /** Makes a folder of `support`'s mail with a name of its own, for one connector. */
  newFolder(): Promise<string>;
  /** Puts a message into a folder of `support`, as delivered. */
  put(folder: string, lines: readonly string[], flags?: readonly string[]): Promise<void>;
  /** Sends a message by SMTP. */
  sendMail(mail: SendMailOptions): Promise<void>;
  /** An inbound connector. */
  read(config: Record<string, unknown>, agents?: readonly string[]): Promise<string>;
  /** An outbound connector. */
  write(config: Record<string, unknown>, agents: readonly string[]): Promise<string>;
  /** The payloads of a connector's runs, once there are that many and all have ended, by UID. */
  payloads(connectorId: string, count: number): Promise<Record<string, unknown>[]>;
  history(connectorId: string): Promise<z.infer<typeof historyEntry>[]>;
}

const ofMail = z.looseObject({ _email: z.looseObject({ uid: z.int() }) });

/** Starts both before the tests of the file, and ends them after. */
export function useMail(): MailTarget {
  let server: MailServer | null = null;
  let product: ProductProcess | null = null;
  let folders = 0;
  const started = <Part>(part: Part | null): Part => {
    if (part === null) throw new Error('It is not started yet.');
    return part;
  };

  beforeAll(async () => {
    const projectDir = join(import.meta.dirname, 'project');
    [server, product] = await Promise.all([
      startMailServer(),
      startProduct({ projectDir, token, env: { LOG_LEVEL: 'warn' } }),
    ]);
  });
  afterAll(async () => {
    await product?.remove();
    await server?.remove();
  });

  const operator = operatorOf({
    token,
    get baseUrl() {
      return started(product).url;
    },
  });
  const create = async (draft: object) => {
    const answer = await operator.call('POST', '/connectors', { name: crypto.randomUUID(), ...draft });
    if (answer.status !== 201) throw new Error(`Answered ${answer.status}: ${answer.text}`);
    return z.looseObject({ id: z.uuid() }).parse(answer.json).id;
  };
  const connection = (port: 'imaps' | 'smtps') => (username: Account) => ({
    host: started(server).host,
    port: started(server).ports[port],
    security: 'tls',
    username,
    password: mailPassword,
    ca_certificate: started(server).caCertificate,
  });
  const reading = connection('imaps');

  return {
    get server() {
      return started(server);
    },
    get product() {
      return started(product);
    },
    operator,
    reading,
    sending: connection('smtps'),
    async newFolder() {
      const folder = `folder-${++folders}`;
      await started(server).withAccount('support@example.test', (client) => client.mailboxCreate(folder));
      return folder;
    },
    async put(folder, lines, flags = []) {
      await started(server).withAccount('support@example.test', (client) =>
        client.append(folder, lines.join('\r\n'), [...flags]),
      );
    },
    async sendMail(mail) {
      const { host, ports } = started(server);
      await createTransport({ host, port: ports.smtp, ignoreTLS: true }).sendMail(mail);
    },
    async read(config, agents = ['echo']) {
      const whole = { ...reading('support@example.test'), poll_seconds: 5, ...config };
      const draft = { type: 'email', mode: 'inbound', agents, config: whole } as const;
      return create(draft);
    },
    write: (config, agents) => create({ type: 'email', mode: 'outbound', agents, config }),
    payloads: (connectorId, count) =>
      eventually(`${count} ended runs of ${connectorId}`, async () => {
        const runs = await operator.all(wire.runSummary, `/runs?connector=${connectorId}`);
        if (runs.length > count) throw new Error(`${runs.length} runs in place of ${count}.`);
        if (runs.length < count || runs.some(({ ended_at }) => ended_at === null)) return false;
        const payloads = await Promise.all(
          runs.map(async ({ run_id }) => ofMail.parse((await operator.run(run_id)).payload)),
        );
        return payloads.toSorted((one, other) => one._email.uid - other._email.uid);
      }),
    history: (connectorId) => operator.all(historyEntry, `/connectors/${connectorId}/history`),
  };
}
