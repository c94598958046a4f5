import { Button, Modal, NumberInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { WireBudget } from '../../src/api/contract/budget.ts';
import { useChangeBudget } from '../api/budgets.ts';
import { DialogForm } from '../parts/dialog-form.tsx';

/** Changes the limit of a budget in a dialog. */
export function ChangeLimit({ budget }: { budget: WireBudget }) {
  const [opened, dialog] = useDisclosure(false);
  const [limit, setLimit] = useState<number | string>(budget.limit);
  const change = useChangeBudget(budget.id);
  const submit = () => change.mutate({ limit: Number(limit) }, { onSuccess: dialog.close });
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={dialog.open}>
        Change limit
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={`Change the limit of “${budget.name}”`} size="sm">
        <DialogForm label="Save" error={change.error} isPending={change.isPending} onSubmit={submit}>
          <NumberInput
            label="Limit"
            description="Waiting runs start at once if the budget has room."
            value={limit}
            onChange={setLimit}
            min={0}
            thousandSeparator=","
            data-autofocus
          />
        </DialogForm>
      </Modal>
    </>
  );
}
