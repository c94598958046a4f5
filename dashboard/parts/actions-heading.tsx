import { VisuallyHidden } from '@mantine/core';

/** Heading of the column with what can be done to a row. */
export function ActionsHeading() {
  return (
    <th>
      <VisuallyHidden>Actions</VisuallyHidden>
    </th>
  );
}
