import { Button, Fieldset, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useMemo, useState } from 'react';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useChangeConnector } from '../api/connectors.ts';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { useIsOperator } from '../session/session.ts';
import { ConditionInput } from './condition-input.tsx';
import { changeTo, conditionsOf, nothingTyped, type TypedConditions } from './conditions.ts';
import { TryOut } from './try-out.tsx';
import { useTrial } from './use-trial.ts';

/** The conditions of a connector and its links, tried out while they are typed; read-only for viewers. */
export function ConditionForm({ connector }: { connector: WireConnector }) {
  const [typed, setTyped] = useState(nothingTyped);
  const shown = useMemo(() => conditionsOf(connector, typed), [connector, typed]);
  const isOperator = useIsOperator();
  const change = useChangeConnector(connector.id);
  const trial = useTrial(connector, shown, isOperator);
  const type = (next: TypedConditions) => {
    setTyped(next);
    change.reset();
  };
  const body = changeTo(connector, shown);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body === null) return;
    change.mutate(body, {
      onSuccess: () => {
        setTyped(nothingTyped);
        notifications.show({ message: 'Saved', color: 'green', autoClose: 2_000 });
      },
    });
  };
  const isOutbound = connector.mode === 'outbound';
  return (
    <>
      <Section title="Filter">
        <form onSubmit={submit} noValidate>
          {change.error !== null && <Notice tone="bad" title={change.error.message} />}
          <Fieldset variant="unstyled" disabled={!isOperator} mx={0}>
            <ConditionInput
              label="Condition of the connector"
              description={isOutbound ? whatResultsHave : whatEventsHave}
              placeholder={isOutbound ? "status == 'failed'" : 'input.total > 100'}
              value={shown.filter}
              error={trial.problemOf('filter')}
              onChange={(filter) => type({ ...typed, filter })}
            />
            {Object.entries(shown.links).map(([name, when]) => (
              <ConditionInput
                key={name}
                label={`Condition of the link to ${name}`}
                placeholder={isOutbound ? 'Every result' : 'Every event'}
                value={when}
                error={trial.problemOf(`when.${name}`)}
                onChange={(next) => type({ ...typed, links: { ...typed.links, [name]: next } })}
              />
            ))}
          </Fieldset>
          {isOperator && (
            <Group justify="flex-end" gap="xs">
              {body !== null && (
                <Button variant="subtle" onClick={() => type(nothingTyped)}>
                  Discard changes
                </Button>
              )}
              <Button type="submit" loading={change.isPending} disabled={body === null || trial.isInvalid}>
                Save conditions
              </Button>
            </Group>
          )}
        </form>
      </Section>
      {isOperator && <TryOut connector={connector} trial={trial} />}
    </>
  );
}

const whatEventsHave =
  'Only events for which this is true start runs. It can read input, context, and connector. Empty: every event.';
const whatResultsHave =
  'Only results for which this is true are delivered. It can read output, status, input, and context. Empty: every result.';
