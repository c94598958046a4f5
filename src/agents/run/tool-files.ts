import { ToolFile } from '../agent-code.ts';
import { type AnswerFile, ToolAnswer } from './tool-answer.ts';

/**
 * The result of a tool with files, for the model: the files themselves, and the result as text, in which their names
 * stand for them.
 *
 * @param result JSON can represent it
 */
export function answerWithFiles(result: unknown): ToolAnswer {
  const files: AnswerFile[] = [];
  const text = JSON.stringify(result, function (this: unknown, key: string, value: unknown) {
    // A file has been turned into JSON already: the original is in its place.
    const original: unknown = Object(this)[key];
    if (!(original instanceof ToolFile)) return value;
    const { name, mime_type: mediaType, data } = original;
    files.push({ name, mediaType, data });
    return `${name} (${mediaType})`;
  });
  return new ToolAnswer(result instanceof ToolFile ? `${result.name} (${result.mime_type})` : text, files);
}
