import * as z from 'zod';
import { apiUrl } from '../../providers/api-url.ts';

/** BotFather's form: the bot's ID, a colon, and the secret part. */
export const botToken = z
  .string()
  .max(256)
  .regex(/^\d+:[\w-]+$/, 'A bot token has the form 123456:ABC-DEF.');

export const telegramApiUrl = apiUrl('https://api.telegram.org');

/** The account of a bot: its ID, which a new token does not change. */
export function botIdOf(token: string): string {
  return token.slice(0, token.indexOf(':'));
}
