import type { ReceiveContext, Received } from '../../core/connectors/received.ts';
import { messageOf } from '../../core/errors.ts';
import { automaticKind } from './automatic-mail.ts';
import { accountOf, inboundConfigOf } from './config.ts';
import { mailboxAccount } from './cursor.ts';
import { isUnsent, type Mail, type MailEvent } from './mail-event.ts';

/** Turns a message into the payload of its runs. The same UID never starts a second trigger. */
export async function receive(event: MailEvent, context: ReceiveContext): Promise<Received> {
  const refused = context.admit();
  if (refused !== null) return refused;
  if (event.kind === 'renumbered') return ignored(renumbered(event.mailbox));
  if (isUnsent(event)) return { outcome: 'refused', reason: 'malformed', detail: unsent(event) };
  const kind = automaticKind(event.source);
  if (kind !== null) return ignored(`${kind} started nothing.`);
  try {
    return await accepted(event, context);
  } catch (thrown) {
    const { uid, mailbox } = event;
    const detail = `Cannot read the message with UID ${uid} of "${mailbox}": ${messageOf(thrown)}.`;
    return { outcome: 'refused', reason: 'malformed', detail };
  }
}

async function accepted(mail: Mail, { connector }: ReceiveContext): Promise<Received> {
  // The first message loads the parser, so processes that read none start without it.
  const { readMail } = await import('./read-mail.ts');
  const config = inboundConfigOf(connector.config);
  const { payload, modelInput, warnings, address } = await readMail(mail, connector.id);
  const { mailbox, uid, uidValidity, arrivedAt } = mail;
  const key = `${mailboxAccount(config)}\n${mailbox}\n${uidValidity}\n${uid}`;
  const account = accountOf(config.username ?? '');
  return {
    outcome: 'accepted',
    payload,
    context: {},
    modelInput,
    warnings,
    repeat: null,
    natural: { key, timeMs: arrivedAt, place: uid },
    ...(address === null ? {} : { origin: { account, address } }),
  };
}

function ignored(reason: string): Received {
  return { outcome: 'answered', answer: null, reason };
}

function unsent({ uid, mailbox }: Mail): string {
  return `The mail server did not send the message with UID ${uid} of "${mailbox}" in several polls. It was skipped and left unread: read it in a mail program.`;
}

function renumbered(mailbox: string): string {
  return `The mail server has renumbered "${mailbox}" (UIDVALIDITY has changed). It was read from the start again.`;
}
