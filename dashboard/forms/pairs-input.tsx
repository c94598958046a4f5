import { ActionIcon, Button, Input, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { type FieldOf, isObject, type JsonValue } from './field.ts';
import type { FieldInputProps } from './field-input-props.ts';
import classes from './pairs-input.module.css';

interface Pair {
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

/** Names with values, such as headers, one pair per line. */
export function PairsInput({ field, value, path, problems, onChange }: FieldInputProps<FieldOf<'pairs'>>) {
  const [pairs, setPairs] = useState(() => pairsOf(value ?? field.defaultValue));
  const change = (next: readonly Pair[]) => {
    setPairs(next);
    const named = next.filter(({ name }) => name !== '');
    onChange(Object.fromEntries(named.map((pair) => [pair.name, pair.value])));
  };
  const replace = (changed: Pair) => change(pairs.map((pair) => (pair.key === changed.key ? changed : pair)));
  return (
    <Input.Wrapper label={field.title} description={field.description} error={problems[path]} mb="md">
      {pairs.map((pair) => (
        <div key={pair.key} className={classes.pair}>
          <TextInput
            aria-label={`${field.title}: name`}
            placeholder="Name"
            value={pair.name}
            onChange={(event) => replace({ ...pair, name: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`${field.title}: value`}
            placeholder="Value"
            value={pair.value}
            onChange={(event) => replace({ ...pair, value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={`Remove ${pair.name || 'this row'}`}
            onClick={() => change(pairs.filter(({ key }) => key !== pair.key))}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="compact-xs"
        mt={6}
        leftSection={<IconPlus size={13} />}
        onClick={() => setPairs([...pairs, { key: nextKey(pairs), name: '', value: '' }])}
      >
        Add
      </Button>
    </Input.Wrapper>
  );
}

function pairsOf(value: JsonValue | undefined): readonly Pair[] {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.map(([name, text], key) => ({ key, name, value: String(text) }));
}

function nextKey(pairs: readonly Pair[]): number {
  return Math.max(-1, ...pairs.map(({ key }) => key)) + 1;
}
