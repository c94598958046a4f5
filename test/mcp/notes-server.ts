import { type ServedMcp, startMcpServer, textResult } from '../agents/mcp-server.ts';

/** What the test project's agent `note-taker` finds in its environment, beside the address. */
export const notesToken = 'notes-token-of-the-tests';

/** The MCP server of that agent: it answers with what was written, and by whom. */
export function startNotesServer(): Promise<ServedMcp> {
  return startMcpServer({
    speech: 'stateful',
    tools: [
      {
        name: 'write_note',
        description: 'Writes a note.',
        inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        call: ({ text }, { http }) => textResult(`${http?.req?.headers.get('x-visitor')} wrote: ${text}`),
      },
      { name: 'burn_notes', description: 'Burns all notes.' },
    ],
  });
}
