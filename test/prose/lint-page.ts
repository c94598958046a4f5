import { createRequire } from 'node:module';
import { TextlintKernel, type TextlintRuleModule } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import { forbiddenPhrases } from './forbidden-phrases.ts';
import { longestSentence, phrasesOfPages, terms } from './style.ts';

export interface ProseProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

// Both rules are CommonJS and bring no types along.
const require = createRequire(import.meta.url);
const sentenceLength: { default: TextlintRuleModule } = require('textlint-rule-sentence-length');
const terminology: { default: TextlintRuleModule } = require('textlint-rule-terminology');

const kernel = new TextlintKernel();
const plugins = [{ pluginId: 'markdown', plugin: markdown.default }];
const rules = [
  { ruleId: 'forbidden-phrases', rule: forbiddenPhrases(phrasesOfPages) },
  { ruleId: 'sentence-length', rule: sentenceLength.default, options: { max: longestSentence } },
  { ruleId: 'terminology', rule: terminology.default, options: { defaultTerms: false, terms } },
];

/** What is wrong with the prose of a page in Markdown. Code in it may use any words. */
export async function lintPage(file: string, text: string): Promise<ProseProblem[]> {
  const { messages } = await kernel.lintText(text, { ext: '.md', filePath: file, plugins, rules });
  return messages.map(({ loc, message }) => ({ file, line: loc.start.line, message }));
}
