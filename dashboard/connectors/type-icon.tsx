import { useConnectorTypes } from '../api/marketplace.ts';
import classes from './type-icon.module.css';

/**
 * A connector type's icon. Its markup is used only as an image (a mask of the text colour), so markup from the API
 * never becomes part of the page.
 */
export function TypeIcon({ type }: { type: string }) {
  const types = useConnectorTypes();
  const icon = types.data?.find(({ name }) => name === type)?.icon ?? '';
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${icon}</svg>`;
  const mask = `url("data:image/svg+xml,${encodeURIComponent(picture)}")`;
  return (
    <span className={classes.box} aria-hidden="true">
      <span className={classes.icon} style={{ maskImage: mask }} />
    </span>
  );
}
