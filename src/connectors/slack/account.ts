import { hash } from 'node:crypto';

/**
 * Tells Slack accounts apart: an app's bot in a workspace. Bot tokens begin with the numbers of both, and only the part
 * after the last hyphen changes when Slack issues a new token.
 */
export function accountOf(botToken: string): string {
  return hash('sha256', botToken.slice(0, botToken.lastIndexOf('-')), 'base64url');
}
