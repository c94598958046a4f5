/** What to set up at the client. */
export const instructions = `
Connect to \`{{url}}\` and send the secret as the first message. In a web page:

\`\`\`js
const socket = new WebSocket('{{url}}');
socket.onopen = () => socket.send(JSON.stringify({secret: '{{secret}}'}));
socket.onmessage = ({data}) => {
  const message = JSON.parse(data);
  if (message.type === 'connected') socket.send(JSON.stringify({message: 'Hello'}));
  if (message.type === 'stream_chunk') console.log(message.chunk);
};
\`\`\`

- **Programs** send the secret in the handshake instead, in the header \`X-Connic-Secret\`. They may then send files.
- **Everyone who can read a page** can read its secret. On a public page, put a server of your own between the page and this connector.
- **From a shell**, try it with \`npx connectors send\` and the name of the connector.
`;
