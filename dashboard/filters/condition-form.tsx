import { Button, Fieldset, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useMemo } from 'react';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useChangeConnector } from '../api/connectors.ts';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';
import { useIsOperator } from '../session/session.ts';
import { ConditionInputs } from './condition-input.tsx';
import {
  changeTo,
  conditionsOf,
  nothingTyped,
  type TypedConditions,
  useTypedConditions,
  withTyped,
} from './conditions.ts';
import { TryOut } from './try-out.tsx';
import { triedConnector, useTrial } from './use-trial.ts';

/** The conditions of a connector and its links, tried out while they are typed; read-only for viewers. */
export function ConditionForm({ connector }: { connector: WireConnector }) {
  const [typed, keepTyped] = useTypedConditions(`conditions ${connector.id}`);
  const shown = useMemo(() => conditionsOf(connector, typed), [connector, typed]);
  const isOperator = useIsOperator();
  const change = useChangeConnector(connector.id);
  const trial = useTrial(triedConnector(connector), shown, isOperator);
  const type = (next: TypedConditions) => {
    keepTyped(next);
    change.reset();
  };
  const body = changeTo(connector, shown);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body === null) return;
    change.mutate(body, {
      onSuccess: () => {
        keepTyped(nothingTyped);
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
            <ConditionInputs
              isOutbound={isOutbound}
              conditions={shown}
              problemOf={trial.problemOf}
              onChange={(change) => type(withTyped(typed, change))}
            />
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
      {isOperator && <TryOut isOutbound={isOutbound} trial={trial} />}
    </>
  );
}
