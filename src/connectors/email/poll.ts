import { allSecrets } from '../../core/connectors/connector-secrets.ts';
import type { PollContext, Polled } from '../../core/connectors/ways.ts';
import { automaticKind } from './automatic-mail.ts';
import { inboundConfigOf } from './config.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { mailError } from './mail-error.ts';
import { isUnsent, type Mail, type MailEvent } from './mail-event.ts';
import { type MailboxAccess, withMailbox } from './mailbox-client.ts';
import { readMailbox } from './read-mailbox.ts';

/** Reads new messages without changing the mailbox. */
export async function poll(context: PollContext): Promise<Polled<MailEvent>> {
  const access = accessOf(context);
  const { config } = access;
  try {
    const read = await withMailbox(access, true, (client) =>
      readMailbox(client, config, readCursor(context.cursor, config), context.now),
    );
    return { outcome: 'polled', events: read.events, cursor: writeCursor(read.cursor), more: read.more };
  } catch (thrown) {
    return { outcome: 'failed', error: mailError(thrown, allSecrets(context.secrets)) };
  }
}

/**
 * Marks messages as read if the connector is configured to. Automatic messages that started nothing stay unread, and those that the server did not send: a user
 * may want to see that a reply could not be delivered.
 *
 * @throws what the client throws
 */
export async function acknowledge(events: readonly MailEvent[], context: PollContext): Promise<void> {
  const access = accessOf(context);
  const mails = events.filter(isTaken);
  const [first] = mails;
  if (!access.config.mark_as_read || first === undefined) return;
  await withMailbox(access, false, async (client) => {
    if (client.mailbox === false || Number(client.mailbox.uidValidity) !== first.uidValidity) return;
    await client.messageFlagsAdd(mails.map(({ uid }) => uid).join(','), ['\\Seen'], { uid: true });
  });
}

function isTaken(event: MailEvent): event is Mail {
  return event.kind === 'mail' && !isUnsent(event) && automaticKind(event.source) === null;
}

function accessOf({ connector, secrets, allowPrivateTargets, signal }: PollContext): MailboxAccess {
  return {
    config: inboundConfigOf(connector.config),
    secrets: secrets.config,
    allowPrivateTargets,
    signal,
  };
}
