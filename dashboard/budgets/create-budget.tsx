import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { CreateBudgetBody } from '../../src/api/contract/budget.ts';
import { useAgents } from '../api/agents.ts';
import { useCreateBudget } from '../api/budgets.ts';
import { DialogForm } from '../parts/dialog-form.tsx';
import classes from './create-budget.module.css';

const measures = [
  { value: 'usd', label: 'US dollars' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'runs', label: 'Runs' },
] as const;
const periods = [
  { value: 'hour', label: 'An hour' },
  { value: 'day', label: 'A day' },
  { value: 'month', label: 'A month' },
  { value: 'run', label: 'Each run' },
] as const;
const actions = [
  { value: 'hold', label: 'Runs wait' },
  { value: 'refuse', label: 'Triggers are refused, runs wait' },
  { value: 'stop', label: 'Triggers are refused, runs end' },
] as const;

/** Creates a budget of all runs or of an agent's, in a dialog. */
export function CreateBudget() {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconPlus size={14} />} onClick={dialog.open}>
        Create budget
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="Create a budget">
        <BudgetForm onDone={dialog.close} />
      </Modal>
    </>
  );
}

function BudgetForm({ onDone }: { onDone: () => void }) {
  const create = useCreateBudget();
  const agents = useAgents();
  const [name, setName] = useState('');
  const [agent, setAgent] = useState<string | null>(null);
  const [measure, setMeasure] = useState<CreateBudgetBody['measure']>('usd');
  const [period, setPeriod] = useState<CreateBudgetBody['period']>('day');
  const [limit, setLimit] = useState<number | string>('');
  const [onLimit, setOnLimit] = useState<NonNullable<CreateBudgetBody['on_limit']>>('hold');
  const submit = () => {
    const scope =
      agent === null ? ({ type: 'deployment' } as const) : ({ type: 'agent', id: agent } as const);
    const action = period === 'run' ? {} : { on_limit: onLimit };
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const body = { name, scope, measure, period, time_zone: timeZone, limit: Number(limit), ...action };
    create.mutate(body, { onSuccess: onDone });
  };
  return (
    <DialogForm label="Create" error={create.error} isPending={create.isPending} onSubmit={submit}>
      <TextInput
        label="Name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        mb="sm"
        data-autofocus
      />
      <Select
        label="Agent"
        placeholder="All agents"
        data={(agents.data?.items ?? []).map((one) => one.name)}
        value={agent}
        onChange={setAgent}
        clearable
        mb="sm"
      />
      <div className={classes.limit}>
        <NumberInput label="Limit" required value={limit} onChange={setLimit} min={0} thousandSeparator="," />
        <Select
          label="Measure"
          data={measures}
          value={measure}
          onChange={(chosen) => chosen !== null && setMeasure(chosen)}
          allowDeselect={false}
        />
        <Select
          label="Per"
          data={periods}
          value={period}
          onChange={(chosen) => chosen !== null && setPeriod(chosen)}
          allowDeselect={false}
        />
      </div>
      {period !== 'run' && (
        <Select
          label="At the limit"
          data={actions}
          value={onLimit}
          onChange={(chosen) => chosen !== null && setOnLimit(chosen)}
          allowDeselect={false}
        />
      )}
    </DialogForm>
  );
}
