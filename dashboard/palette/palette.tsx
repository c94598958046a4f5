import { Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { type Destination, useDestinations } from './destinations.ts';
import classes from './palette.module.css';

/**
 * Goes to what the user types: a page, an agent, a connector, or the run, trigger, or delivery with an ID.
 *
 * Part of the first script, and its field has the focus at once: who types right after Ctrl+K loses no key.
 */
export function Palette({ onClose }: { onClose: () => void }) {
  useFocusReturn();
  return (
    <Modal opened onClose={onClose} title="Go to" size="lg" padding="md">
      <Search onClose={onClose} />
    </Modal>
  );
}

/** Gives the focus back at the end, if what had it is still there. */
function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
}

function Search({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const [, goTo] = useLocation();
  const listId = useId();
  const { destinations, isLooking } = useDestinations(typed);
  const current = destinations[Math.min(chosen, destinations.length - 1)];
  const open = (destination: Destination | undefined) => {
    if (destination === undefined) return;
    onClose();
    goTo(destination.path);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') open(current);
    if (step === undefined || destinations.length === 0) return;
    event.preventDefault();
    setChosen((chosen + step + destinations.length) % destinations.length);
  };
  return (
    <>
      <TextInput
        aria-label="Search"
        placeholder="A name, or the id of a run, a trigger, or a delivery"
        leftSection={<IconSearch size={14} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={current === undefined ? undefined : `${listId}-${current.path}`}
        spellCheck={false}
        autoFocus
        data-autofocus
      />
      <div id={listId} role="listbox" aria-label="Results" className={classes.list}>
        {destinations.map((destination) => (
          <div
            key={destination.path}
            id={`${listId}-${destination.path}`}
            role="option"
            tabIndex={-1}
            aria-selected={destination === current}
            className={classes.option}
            onClick={() => open(destination)}
            onKeyDown={() => {}}
          >
            <span className={classes.kind}>{destination.kind}</span>
            <span className={classes.title}>{destination.title}</span>
          </div>
        ))}
      </div>
      {destinations.length === 0 && (
        <p className={classes.none} role="status">
          {isLooking ? 'Searching…' : 'Nothing found.'}
        </p>
      )}
    </>
  );
}
