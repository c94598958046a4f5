/**
 * Characters that control a terminal instead of showing something: C0 and C1 (either may begin an escape sequence),
 * those that reverse the text direction, and line breaks that only Unicode has. Other line breaks and tabs are not
 * included.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Replaces each of them with its escape, such as `\u001b`: visible and without effect. JSON keeps its meaning. */
export function escapeControls(text: string): string {
  return text.replace(controlCharacters, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What is wrong with a text that people read and type on one line, such as a name; `null` if nothing is. */
export function lineProblem(text: string): string | null {
  const isLine = text === escapeControls(text) && text.isWellFormed() && !/[\t\n]/.test(text);
  return isLine ? null : 'must be one line of text without control characters';
}
