import { Group, Select } from '@mantine/core';
import { useState } from 'react';
import type { RunFilters } from '../api/runs.ts';
import { TimeInput } from '../parts/time-input.tsx';

const hourMs = 3_600_000;

const ranges: Readonly<Record<string, { title: string; lengthMs: number }>> = {
  hour: { title: 'Last hour', lengthMs: hourMs },
  day: { title: 'Last 24 hours', lengthMs: 24 * hourMs },
  week: { title: 'Last 7 days', lengthMs: 7 * 24 * hourMs },
};

export interface TimeRangeProps {
  readonly filters: RunFilters;
  readonly onChange: (changed: RunFilters) => void;
}

/** Filters runs by queue time: a preset range up to now, or two times. */
export function TimeRange({ filters, onChange }: TimeRangeProps) {
  const isGiven = filters.from !== undefined || filters.to !== undefined;
  const [chosen, setChosen] = useState<string | null>(isGiven ? 'own' : null);
  const choose = (range: string | null) => {
    setChosen(range);
    const length = ranges[range ?? '']?.lengthMs;
    if (length !== undefined) onChange({ from: new Date(Date.now() - length).toISOString(), to: '' });
    else if (range === null) onChange({ from: '', to: '' });
  };
  return (
    <>
      <Select
        aria-label="Time"
        placeholder="Any time"
        data={[
          ...Object.entries(ranges).map(([value, { title }]) => ({ value, label: title })),
          { value: 'own', label: 'Custom range' },
        ]}
        value={isGiven || chosen === 'own' ? (chosen ?? 'own') : null}
        onChange={choose}
        size="xs"
        clearable
      />
      {chosen === 'own' && (
        <Group gap="xs">
          <TimeInput label="From" iso={filters.from} onChange={(from) => onChange({ from })} />
          <TimeInput label="To" iso={filters.to} onChange={(to) => onChange({ to })} />
        </Group>
      )}
    </>
  );
}
