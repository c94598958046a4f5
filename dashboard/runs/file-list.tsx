import { IconFile } from '@tabler/icons-react';
import { bytesText } from '../format/numbers.ts';
import type { PayloadFile } from './describe-payload.ts';
import classes from './file-list.module.css';

/** The files of a payload: name, type, and size. */
export function FileList({ files }: { files: readonly PayloadFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul className={classes.files} aria-label="Files">
      {files.map((file) => (
        <li key={`${file.name} ${file.size}`} className={classes.file}>
          <IconFile size={15} aria-hidden="true" />
          <span className={classes.name}>{file.name}</span>
          <span className={classes.kind}>
            {file.mimeType}, {bytesText(file.size)}
          </span>
        </li>
      ))}
    </ul>
  );
}
