import * as z from 'zod';
import { apiUrl } from '../../providers/api-url.ts';

export const botToken = z
  .string()
  .max(512)
  .regex(/^(xoxe\.)?xoxb-\S+$/, 'A bot token begins with "xoxb-".');

export const slackApiUrl = apiUrl('https://slack.com/api');
