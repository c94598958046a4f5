import { Textarea } from '@mantine/core';
import type { Conditions, TypedConditions } from './conditions.ts';

export interface ConditionInputsProps {
  readonly isOutbound: boolean;
  readonly conditions: Conditions;
  /** What is wrong with a condition, and where. @param field `filter`, or `when.` with the agent's name */
  readonly problemOf: (field: string) => string | undefined;
  readonly onChange: (change: TypedConditions) => void;
}

/** The conditions of a connector and of each of its links. `onChange` gets the one that was typed. */
export function ConditionInputs({ isOutbound, conditions, problemOf, onChange }: ConditionInputsProps) {
  return (
    <>
      <ConditionInput
        label="Condition of the connector"
        description={isOutbound ? whatResultsHave : whatEventsHave}
        placeholder={isOutbound ? "status == 'failed'" : 'input.total > 100'}
        value={conditions.filter}
        error={problemOf('filter')}
        onChange={(filter) => onChange({ filter, links: {} })}
      />
      {Object.entries(conditions.links).map(([name, when]) => (
        <ConditionInput
          key={name}
          label={`Condition of the link to ${name}`}
          placeholder={isOutbound ? 'Every result' : 'Every event'}
          value={when}
          error={problemOf(`when.${name}`)}
          onChange={(next) => onChange({ links: { [name]: next } })}
        />
      ))}
    </>
  );
}

const whatEventsHave =
  'Only events for which this is true start runs. It can read input, context, and connector. Empty: every event.';
const whatResultsHave =
  'Only results for which this is true are delivered. It can read output, status, input, and context. Empty: every result.';

interface ConditionInputProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder: string;
  readonly value: string;
  /** What is wrong with it, and where. */
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A condition, which may be longer than a line. */
function ConditionInput({ value, onChange, ...shown }: ConditionInputProps) {
  return (
    <Textarea
      {...shown}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
      mb="md"
      styles={{ input: { fontFamily: 'var(--mono)', fontSize: '0.78125rem' } }}
    />
  );
}
