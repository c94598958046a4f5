import type { ModelMessage, UserModelMessage } from 'ai';

/** A file that a tool gives to the model. */
export interface AnswerFile {
  readonly name: string;
  readonly mediaType: string;
  /** In Base64. */
  readonly data: string;
}

/** What a tool with files returns to the model. */
export class ToolAnswer {
  readonly text: string;
  readonly files: readonly AnswerFile[];

  constructor(text: string, files: readonly AnswerFile[]) {
    this.text = text;
    this.files = files;
  }

  /** Files are named, never shown: traces keep what is returned here. */
  toJSON(): unknown {
    return { text: this.text, files: this.files.map(({ name, mediaType }) => `${name} (${mediaType})`) };
  }
}

/** A failed call that does not end the run: the model reads the message, and can do something else. */
export class ToolRefusal extends Error {
  override readonly name = 'ToolRefusal';
}

/** The files of a tool as a message to the model: providers accept files from users only. */
export function filesMessage(toolName: string, files: readonly AnswerFile[]): UserModelMessage {
  const parts = files.map(({ name, mediaType, data }) => ({
    type: 'file' as const,
    data,
    mediaType,
    filename: name,
  }));
  const title = { type: 'text' as const, text: `${filesTitle}"${toolName}":` };
  return { role: 'user', content: [title, ...parts] };
}

const filesTitle = 'Files from the tool ';

/** Whether a message has the files of a tool: it is no question of the user. */
export function isFilesMessage({ role, content }: ModelMessage): boolean {
  const first = typeof content === 'string' ? undefined : content[0];
  return role === 'user' && first?.type === 'text' && first.text.startsWith(filesTitle);
}
