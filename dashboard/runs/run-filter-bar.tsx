import { Button, MultiSelect, Pill, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useAgents } from '../api/agents.ts';
import { useConnectors } from '../api/connectors.ts';
import type { RunFilters } from '../api/runs.ts';
import { durationText } from '../format/duration.ts';
import classes from './run-filter-bar.module.css';
import { TimeRange } from './time-range.tsx';

export interface RunFilterBarProps {
  readonly filters: RunFilters;
  readonly onChange: (changed: RunFilters) => void;
}

const statuses = ['scheduled', 'queued', 'running', 'completed', 'failed', 'cancelled'];
const typingPauseMs = 300;
const noFilters: RunFilters = {
  status: '',
  agent: '',
  connector: '',
  model: '',
  min_duration_ms: '',
  from: '',
  to: '',
  q: '',
};

/** The filters of the run list. `/` focuses the search. */
export function RunFilterBar({ filters, onChange }: RunFilterBarProps) {
  const agents = useAgents();
  const connectors = useConnectors();
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <search className={classes.bar} aria-label="Filter runs">
      <SearchInput
        key={filters.q === undefined ? 'empty' : 'given'}
        text={filters.q ?? ''}
        onChange={onChange}
      />
      <MultiSelect
        aria-label="Status"
        placeholder={filters.status === undefined ? 'Any status' : ''}
        data={statuses}
        value={filters.status?.split(',') ?? []}
        onChange={(chosen) => onChange({ status: chosen.join(',') })}
        size="xs"
        clearable
        className={classes.wide}
      />
      <Select
        aria-label="Agent"
        placeholder="Any agent"
        data={agents.data?.items.map(({ name }) => name) ?? []}
        value={filters.agent ?? null}
        onChange={(agent) => onChange({ agent: agent ?? '' })}
        size="xs"
        clearable
        searchable
      />
      <Select
        aria-label="Connector"
        placeholder="Any connector"
        data={connectors.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={filters.connector ?? null}
        onChange={(connector) => onChange({ connector: connector ?? '' })}
        size="xs"
        clearable
        searchable
      />
      <TimeRange filters={filters} onChange={onChange} />
      {filters.model !== undefined && (
        <FilterPill title={filters.model} onRemove={() => onChange({ model: '' })} />
      )}
      {filters.min_duration_ms !== undefined && (
        <FilterPill
          title={`at least ${durationText(Number(filters.min_duration_ms))}`}
          onRemove={() => onChange({ min_duration_ms: '' })}
        />
      )}
      {isFiltered && (
        <Button variant="subtle" size="compact-xs" onClick={() => onChange(noFilters)}>
          Clear
        </Button>
      )}
    </search>
  );
}

function SearchInput({ text, onChange }: { text: string; onChange: (changed: RunFilters) => void }) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const search = useDebouncedCallback((q: string) => onChange({ q }), typingPauseMs);
  return (
    <TextInput
      aria-label="Search"
      placeholder="Search text, or key=value in the context"
      leftSection={<IconSearch size={14} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
      size="xs"
      className={classes.search}
      ref={input}
      aria-keyshortcuts="/"
    />
  );
}

/** A filter that links of other pages set. */
function FilterPill({ title, onRemove }: { title: string; onRemove: () => void }) {
  return (
    <Pill withRemoveButton onRemove={onRemove} removeButtonProps={{ 'aria-label': `Remove filter ${title}` }}>
      {title}
    </Pill>
  );
}
