import { notifications } from '@mantine/notifications';

/** Shows why an action failed. */
export function showFailure(error: Error): void {
  notifications.show({ color: 'red', message: error.message });
}
