import * as z from 'zod';
import type { AcceptedTrigger } from '../../core/connectors/accepted-trigger.ts';
import { headerSecrets, matchesSecret } from '../../core/connectors/connector-secrets.ts';
import type { HttpAnswer, HttpRequest } from '../../core/connectors/http-request.ts';
import {
  notPosted,
  type ReceiveContext,
  type Received,
  type Refused,
  unauthorizedBecause,
  wrongSecret,
} from '../../core/connectors/received.ts';
import { type JsonValue, jsonObject, Payload } from '../../core/json/json-value.ts';
import { collectFiles } from '../../providers/collect-files.ts';
import { readBody } from '../../providers/read-signed.ts';
import { isSignedByKey, publicKeyPresets } from '../../signatures/public-key.ts';
import { inboundConfigOf } from './config.ts';
import {
  answers,
  type CommandInteraction,
  commandInteraction,
  ephemeralFlag,
  kinds,
  type ReadCommand,
  readCommand,
  timeOf,
} from './interaction.ts';

const { scheme } = publicKeyPresets.discord;

/** Many times the size of Discord's interactions. */
const maxBodyBytes = 1024 * 1024;

const limits = { maxDepth: 100, maxKeys: 50_000 };

const toleranceSeconds = 300;

/** Discord waits 3 seconds for the answer. */
const filesWithinMs = 1_500;

const anyInteraction = z.object({ type: z.int() });

/** Receives an interaction that Discord has signed, or a test request with the connector's secret. */
export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const secrets = headerSecrets(request);
  const isSigned = request.headers[scheme.header] !== undefined;
  if (request.method !== 'POST') return notPosted;
  if (secrets.length === 0 && !isSigned) return notFromDiscord;
  const body = await readBody(request, maxBodyBytes);
  if (body.outcome === 'refused') return body;
  if (!isAuthentic(request, body.bytes, secrets, context)) return isSigned ? wrongSignature : wrongSecret;
  const json = await context.readJson(body.bytes, 'utf-8', limits);
  if (json.outcome === 'refused') return json;
  const payload = new Payload(json.text);
  const kind = anyInteraction.safeParse(payload.value).data?.type;
  // Discord sends it to check the URL, also before agents are linked.
  if (kind === kinds.ping) return answered({ type: answers.pong }, null);
  const refused = context.admit();
  if (refused !== null) return refused;
  if (kind === undefined) return notAnInteraction;
  if (kind === kinds.autocomplete) {
    return answered(
      { type: answers.choices, data: { choices: [] } },
      'Suggestions while somebody types start no runs.',
    );
  }
  if (kind !== kinds.command) return ignored('Only commands start runs: buttons, menus, and forms do not.');
  const interaction = commandInteraction.safeParse(payload.value);
  if (!interaction.success) return notAnInteraction;
  const { commands } = inboundConfigOf(context.connector.config);
  if (commands.length > 0 && !commands.includes(interaction.data.data.name)) {
    return ignored("This command is not among the connector's commands.");
  }
  return accept(interaction.data, payload.exact, request, context);
}

const notFromDiscord = unauthorizedBecause(
  'The request has neither a signature of Discord, in X-Signature-Ed25519, nor the secret of this connector.',
);
const wrongSignature = unauthorizedBecause(
  'The signature is too old, or does not match the public key of this connector. Compare the key with the application in the Discord developer portal.',
);

function isAuthentic(
  { headers }: HttpRequest,
  body: Uint8Array,
  secrets: readonly string[],
  { connector, now }: ReceiveContext,
): boolean {
  if (secrets.some((secret) => matchesSecret(secret, connector.secretHashes, now))) return true;
  const { public_key: key } = inboundConfigOf(connector.config);
  return isSignedByKey(scheme, { headers, body }, key, now, toleranceSeconds);
}

async function accept(
  interaction: CommandInteraction,
  sent: JsonValue,
  { body }: HttpRequest,
  { connector, allowPrivateTargets }: ReceiveContext,
): Promise<Received> {
  const { id, application_id: account, token } = interaction;
  const { ephemeral } = inboundConfigOf(connector.config);
  const read = readCommand(interaction);
  const { signal } = new AbortController();
  const { files, warnings } = await collectFiles(namedFiles(read), {
    body,
    signal,
    allowPrivateTargets,
    withinMs: filesWithinMs,
  });
  const user = interaction.member?.user ?? interaction.user;
  // Whoever has the token can answer as the application.
  const { token: _token, ...facts } = jsonObject.parse(sent);
  return {
    outcome: 'accepted',
    payload: Payload.of({
      text: read.text,
      command: read.command,
      options: read.options,
      user_id: user?.id ?? null,
      user_name: user?.username ?? null,
      channel_id: interaction.channel_id ?? null,
      guild_id: interaction.guild_id ?? null,
      interaction_id: id,
      ...(files.length === 0 ? {} : { files: [...files] }),
      _discord: facts,
    }),
    context: {},
    modelInput: null,
    warnings,
    repeat: null,
    natural: { key: id, timeMs: timeOf(id) },
    ...(token === undefined
      ? {}
      : { origin: { account, address: { interaction_id: id, token, ephemeral } } }),
  };
}

function namedFiles({ attachments }: ReadCommand) {
  return attachments.map(({ optionName, file }) => ({
    name: file.filename,
    fieldName: optionName,
    declaredType: file.content_type ?? 'application/octet-stream',
    source: { method: 'GET', url: file.url, headers: { 'user-agent': 'Agent-Connectors' } },
  }));
}

/** Lets Discord show that an answer will come, or says that none will. */
export function answerAccepted({ connector, runIds }: AcceptedTrigger): HttpAnswer {
  if (runIds.length === 0) return message('Nothing was started: a filter has left this command out.');
  const { ephemeral } = inboundConfigOf(connector.config);
  return json({ type: answers.deferred, ...(ephemeral ? { data: { flags: ephemeralFlag } } : {}) });
}

function ignored(reason: string): Received {
  return { outcome: 'answered', answer: message(reason), reason };
}

function answered(body: object, reason: string | null): Received {
  return { outcome: 'answered', answer: json(body), reason };
}

/** A message that only the person who used the command sees. */
function message(content: string): HttpAnswer {
  return json({ type: answers.message, data: { content, flags: ephemeralFlag } });
}

function json(body: object): HttpAnswer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status: 200, headers, body: JSON.stringify(body) };
}

const notAnInteraction: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail: 'The body is not a Discord interaction.',
};
