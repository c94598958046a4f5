import { fillPlaceholders } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';

/** The instructions for setting up a connector's provider, under a heading. */
export function setUpText(instructions: string, url: string | null, paint: Colours): string {
  return `${paint.bold('Set up the other side')}\n\n${instructionsText(instructions, url, paint)}`;
}

/**
 * A connector type's instructions (Markdown) as lines for a terminal, with the connector's URL filled in. `<secret>`
 * stands for the secret, which is not shown.
 */
export function instructionsText(instructions: string, url: string | null, paint: Colours): string {
  const filled = fillPlaceholders(instructions.trim(), { url, secret: null });
  const text = printable(filled.map((part) => part.text).join(''));
  return text
    .replace(/^```.*\n([\s\S]*?)^```$/gm, (_fence, code: string) => indented(code.trimEnd()))
    .replace(
      /\[([^\]]+)\]\((https?:[^)]+)\)/g,
      (_link, label: string, target: string) => `${label} (${target})`,
    )
    .replace(/\*\*([^*\n]+)\*\*/g, (_bold, words: string) => paint.bold(words))
    .replace(/(?<![\w*])\*([^*\n]+)\*(?![\w*])/g, (_name, words: string) => paint.bold(words))
    .replace(/`([^`\n]+)`/g, (_code, code: string) => paint.cyan(code));
}

function indented(code: string): string {
  return code.replace(/^/gm, '    ');
}
