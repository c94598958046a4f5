import { Modal } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import classes from './keyboard.module.css';
import { Palette } from './palette.tsx';
import { openOverPage, useOpened } from './palette-state.ts';

const keys = [
  { key: 'Ctrl+K', does: 'Go to a page, an agent, a connector, or an id' },
  { key: '/', does: 'Search: in the list of runs if it is open, else everywhere' },
  { key: 'Ctrl+Enter', does: 'Submit the payload that you edit' },
  { key: 'Esc', does: 'Close a dialog; what you typed is kept' },
  { key: '?', does: 'Show this list' },
];

/** Keys that work on every page. On a Mac, Cmd replaces Ctrl. */
export function Keyboard() {
  const shown = useOpened();
  const close = () => openOverPage(null);
  useHotkeys([
    ['mod+K', () => openOverPage('palette')],
    ['/', () => hasSearch() || openOverPage('palette')],
    ['shift+?', () => openOverPage('keys')],
    ['?', () => openOverPage('keys')],
  ]);
  return (
    <>
      {shown === 'palette' && <Palette onClose={close} />}
      <Modal opened={shown === 'keys'} onClose={close} title="Keyboard shortcuts">
        <dl className={classes.keys}>
          {keys.map(({ key, does }) => (
            <div key={key} className={classes.line}>
              <dt>
                <kbd className={classes.key}>{key}</kbd>
              </dt>
              <dd className={classes.does}>{does}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  );
}

/** A page with its own search keeps the key. @returns whether there is one */
function hasSearch(): boolean {
  return document.querySelector('[aria-keyshortcuts="/"]') !== null;
}
