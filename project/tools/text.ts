/** Counts the words, characters and sentences of a text, and the minutes that it takes to read. */
export async function statistics({ message }: { message: string }) {
  const words = message.match(/\p{L}[\p{L}\p{M}'-]*|\p{N}+/gu) ?? [];
  const sentences = message.split(/[.!?]+(?:\s|$)/).filter((sentence) => sentence.trim() !== '');
  return {
    words: words.length,
    characters: [...message].length,
    sentences: sentences.length,
    reading_minutes: Math.ceil((words.length / wordsPerMinute) * 10) / 10,
  };
}

/** How fast an adult reads silently. */
const wordsPerMinute = 240;
