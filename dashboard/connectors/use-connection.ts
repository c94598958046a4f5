import { useEffect, useRef, useState } from 'react';

/** A WebSocket connection of the page. */
export interface Connection {
  /** Messages of the server, oldest first. */
  readonly messages: readonly string[];
  readonly isOpen: boolean;
  /** How it ended, in one sentence; `null` before that. */
  readonly ended: string | null;
  /** Opens a connection if there is none, and sends a message. */
  readonly send: (url: string, text: string) => Promise<void>;
}

/** A connection that ends when the component goes. */
export function useConnection(): Connection {
  const socket = useRef<WebSocket | null>(null);
  const [messages, setMessages] = useState<readonly string[]>([]);
  const [isOpen, setIsOpen] = useState(false);
  const [ended, setEnded] = useState<string | null>(null);
  useEffect(() => () => socket.current?.close(), []);

  const open = async (url: string): Promise<WebSocket> => {
    setEnded(null);
    const opening = new WebSocket(url);
    socket.current = opening;
    opening.onmessage = ({ data }) => setMessages((before) => [...before, String(data)]);
    await new Promise<void>((resolve, reject) => {
      opening.onopen = () => resolve();
      // Browsers do not say why a handshake was refused.
      opening.onerror = () => reject(new Error(refused));
    });
    setIsOpen(true);
    opening.onclose = ({ code, reason }) => {
      setIsOpen(false);
      setEnded(`The connection was closed (${code}${reason === '' ? '' : `: ${reason}`}).`);
    };
    return opening;
  };
  const send = async (url: string, text: string) => {
    const known = socket.current;
    const ready = known?.readyState === WebSocket.OPEN ? known : await open(url);
    ready.send(text);
  };
  return { messages, isOpen, ended, send };
}

const refused =
  'The connection was refused. Check that the connector is enabled, has an agent, and allows this page in its settings.';
