/**
 * Characters that steer a terminal instead of showing something: those of C0 and C1 (an escape sequence may begin with
 * either), those that turn the direction of the text around, and the line breaks that only Unicode has. Other line breaks and tabs are none of them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** The text with each of these as `\u001b`: to be seen, and without effect. JSON stays the same JSON. */
export function escapeControls(text: string): string {
  return text.replace(controlCharacters, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
