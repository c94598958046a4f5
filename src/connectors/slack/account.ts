import { hash } from 'node:crypto';

/**
 * Identifies a Slack account: an app's bot in a workspace. Bot tokens start with the numbers of both; a new token
 * changes only the part after the last hyphen.
 */
export function accountOf(botToken: string): string {
  return hash('sha256', botToken.slice(0, botToken.lastIndexOf('-')), 'base64url');
}
