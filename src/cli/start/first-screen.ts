import type { AttentionItem } from '../../core/attention/attention-item.ts';
import type { MemoryBudget } from '../../engines/embedded/memory-budget.ts';
import type { Colours } from '../output.ts';
import { attentionText } from '../render/attention-text.ts';
import { facts } from '../table.ts';

/** What the first screen shows once the system runs. */
export interface FirstScreen {
  readonly version: string;
  readonly url: string;
  /** Whether only this machine can reach it. */
  readonly isLocal: boolean;
  readonly dataDir: string;
  readonly projectDir: string;
  readonly memory: Pick<MemoryBudget, 'limitBytes' | 'limitOf' | 'bodyBytes'>;
  readonly agents: readonly string[];
  /** One sentence for each warning about the project's files. */
  readonly warnings: readonly string[];
  readonly attention: readonly AttentionItem[];
  /** Unix ms. */
  readonly now: number;
  readonly token: ShownToken;
  /** Opens the dashboard signed in; `null` if the output may be kept in a log. */
  readonly signInUrl: string | null;
  /** A command to copy that gets an agent's answer. */
  readonly firstCommand: string | null;
  readonly watching: boolean;
}

/** `unused`: printed until its first use. `kept`: only its file is printed. `given`: set by `ADMIN_TOKEN`. */
export type ShownToken =
  | { readonly outcome: 'unused'; readonly token: string; readonly file: string }
  | { readonly outcome: 'kept'; readonly file: string }
  | { readonly outcome: 'given' };

/** The screen after the start: addresses, folders, agents, and a command to copy. */
export function firstScreen(screen: FirstScreen, paint: Colours): string {
  const sections = [
    `${paint.bold(paint.green('Agent Connectors'))} ${screen.version} ${paint.dim('is ready')}`,
    facts(
      [
        [
          'dashboard',
          `${paint.bold(screen.url)}${screen.isLocal ? '' : paint.yellow('  reachable from other machines')}`,
        ],
        ['sign in', signInText(screen.signInUrl, paint)],
        ['token', tokenText(screen.token, paint)],
        [
          'agents',
          `${screen.agents.join(', ')}${screen.watching ? paint.dim('  reloaded when files change') : ''}`,
        ],
        ['project', screen.projectDir],
        ['data', screen.dataDir],
        ['memory', memoryText(screen.memory, paint)],
      ],
      paint,
    ),
    ...(screen.warnings.length > 0 ? [warningLines(screen.warnings, paint)] : []),
    ...(screen.attention.length > 0 ? [attentionText(screen.attention, screen.now, paint)] : []),
    ...(screen.firstCommand === null ? [] : [`Try an agent:\n\n${paint.cyan(screen.firstCommand)}`]),
    paint.dim('More: npx connectors --help, docs/getting-started.md. Press Ctrl+C to stop.'),
  ];
  return `\n${indented(sections.join('\n\n'))}\n`;
}

function memoryText({ limitBytes, limitOf, bodyBytes }: FirstScreen['memory'], paint: Colours): string {
  const ofPayloads = `; at most ${mebibytes(bodyBytes)} for large payloads`;
  return `${mebibytes(limitBytes)} in this ${limitOf}${paint.dim(ofPayloads)}`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function tokenText(token: ShownToken, paint: Colours): string {
  if (token.outcome === 'given') return paint.dim('from ADMIN_TOKEN');
  if (token.outcome === 'kept') return paint.dim(`in ${token.file}`);
  return `${token.token}\n${paint.dim(`shown until its first use; also saved in ${token.file}`)}`;
}

function signInText(url: string | null, paint: Colours): string {
  if (url === null) return paint.dim('npx connectors dashboard prints a link');
  return `${paint.bold(url)}\n${paint.dim('works once, within 15 minutes; for a new link: npx connectors dashboard')}`;
}

function warningLines(warnings: readonly string[], paint: Colours): string {
  return warnings.map((warning) => `${paint.yellow('!')} ${warning}`).join('\n');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
