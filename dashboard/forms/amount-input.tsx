import { NumberInput, type NumberInputProps } from '@mantine/core';
import type { FieldOf, JsonValue } from './field.ts';

export interface AmountInputProps extends NumberInputProps {
  readonly field: FieldOf<'number'>;
  readonly amount: JsonValue | undefined;
  readonly onAmount: (amount: number | undefined) => void;
}

/** A number in the form's unit: bytes as MB. */
export function AmountInput({ field, amount, onAmount, ...input }: AmountInputProps) {
  const { whole, perShown, isQuantity } = field;
  const stored = (shown: number) => (whole ? Math.round(shown * perShown) : shown * perShown);
  return (
    <NumberInput
      {...input}
      value={typeof amount === 'number' ? amount / perShown : ''}
      onChange={(shown) => onAmount(typeof shown === 'number' ? stored(shown) : undefined)}
      allowDecimal={!whole || perShown !== 1}
      decimalScale={3}
      thousandSeparator={isQuantity ? ',' : ''}
      clampBehavior="none"
    />
  );
}
