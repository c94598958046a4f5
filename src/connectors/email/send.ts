import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { hideSecrets } from '../../core/redaction/hide-secrets.ts';
import { alwaysBlockedCode } from '../../net/target-guard.ts';
import { fieldOf, mailError } from './mail-error.ts';
import type { MailMessage, OutboundMail } from './prepare.ts';
import { smtpClient } from './smtp-client.ts';

/** Makes one attempt: hands the message to the mail server and waits until the server accepts it. */
export async function send(message: MailMessage, context: SendContext): Promise<Sent> {
  if (message.outcome === 'not-made') return rejected(message.problem);
  const { signal, secrets, allowPrivateTargets } = context;
  try {
    const client = await smtpClient(message.config, message.secrets, allowPrivateTargets);
    const info = await client.sendMail({ ...mailOf(message), signal });
    const excerpt = hideSecrets(excerptOf(info.response, info.rejected), secrets);
    return { outcome: 'delivered', statusCode: null, responseExcerpt: excerpt };
  } catch (thrown) {
    if (signal.aborted) return failed('The process stopped before the mail server had the message.');
    const error = mailError(thrown, secrets);
    return isPermanent(thrown) ? rejected(error) : failed(error);
  }
}

function mailOf(message: OutboundMail) {
  const { from, subject, text, html, messageId, inReplyTo, references } = message;
  return {
    from,
    to: [...message.to],
    cc: [...message.cc],
    bcc: [...message.bcc],
    replyTo: message.replyTo.join(', '),
    subject,
    messageId,
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(references === undefined ? {} : { references }),
    date: new Date(message.date),
    // RFC 3834, section 5. The other header stops Exchange from sending absence notes.
    headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    attachments: message.attachments.map(({ filename, content, contentType, encoding }) => ({
      filename,
      content: Buffer.from(content, encoding),
      ...(contentType === undefined ? {} : { contentType }),
    })),
  };
}

/** A server may accept a message for only some recipients. */
function excerptOf(response: string, refused: readonly unknown[] = []): string {
  return refused.length === 0 ? response : `${response} (refused: ${refused.map(addressOf).join(', ')})`;
}

function addressOf(recipient: unknown): string {
  return typeof recipient === 'string' ? recipient : String(Object(recipient).address);
}

/**
 * A 5xx reply concerns the message (RFC 5321, section 4.2.1). A login failure concerns the account, which may be fixed
 * later.
 */
function isPermanent(thrown: unknown): boolean {
  const code = fieldOf(thrown, 'code');
  const answer = fieldOf(thrown, 'responseCode');
  if (code === alwaysBlockedCode || (code === 'EENVELOPE' && answer === undefined)) return true;
  return code !== 'EAUTH' && typeof answer === 'number' && answer >= 500;
}

function failed(error: string): Sent {
  return { outcome: 'failed', error, retryAfterMs: 0, statusCode: null, responseExcerpt: null };
}

function rejected(error: string): Sent {
  return { outcome: 'rejected', error, statusCode: null, responseExcerpt: null };
}
