import type { TextlintRuleModule } from '@textlint/kernel';
import { findPhrases } from './find-phrases.ts';
import type { ForbiddenPhrase } from './style.ts';

/** A textlint rule: reports every forbidden phrase of a page, with what to write instead. */
export function forbiddenPhrases(phrases: readonly ForbiddenPhrase[]): TextlintRuleModule {
  return ({ Syntax, RuleError, getSource, report, locator }) => ({
    [Syntax.Str](node) {
      for (const { start, end, message } of findPhrases(getSource(node), phrases)) {
        report(node, new RuleError(message, { padding: locator.range([start, end]) }));
      }
    },
  });
}
