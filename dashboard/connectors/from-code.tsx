import { Link } from 'wouter';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireConnectorCode, WireFieldChange } from '../../src/api/contract/connector-code.ts';
import { counted } from '../format/numbers.ts';
import { Notice } from '../parts/notice.tsx';
import { Table } from '../parts/table.tsx';
import classes from './from-code.module.css';

/** Lists the edits of a connector from code that the next apply takes back; nothing without any. */
export function Drift({ connector: { code } }: { connector: WireConnector }) {
  if (code === null || code.drift.length === 0) return null;
  return (
    <Notice tone="warn" title={`${counted(code.drift.length, 'edit')} since ${code.file} was applied`}>
      <p className={classes.remark}>
        The next apply takes this back. To keep it, change the file.{' '}
        <Link href="/connectors-as-code">All connectors from code</Link>
      </p>
      <Edits of={code} />
    </Notice>
  );
}

/** The edits of a connector since its file was applied, field by field. */
export function Edits({ of: { drift } }: { of: WireConnectorCode }) {
  return (
    <Table headings={['Field', 'In the file', 'Now']}>
      {drift.map((change) => (
        <tr key={change.field}>
          <td className={classes.field}>
            <code>{change.field}</code>
          </td>
          <td className={classes.value}>{valueText(change, change.before)}</td>
          <td className={classes.value}>{valueText(change, change.after)}</td>
        </tr>
      ))}
    </Table>
  );
}

function valueText({ secret }: WireFieldChange, value: WireFieldChange['before']): string {
  if (secret) return 'secret';
  return value === null ? 'not set' : JSON.stringify(value);
}

/** Says, where a connector from code can be edited, that its file decides. */
export function EditRemark({ connector: { code } }: { connector: WireConnector }) {
  if (code === null) return null;
  return (
    <p className={classes.remark}>
      This connector comes from <code>{code.file}</code>. The next apply takes back what you change here.
    </p>
  );
}

/** Marks a connector from code in a list. */
export function CodeMark({ connector: { code } }: { connector: WireConnector }) {
  if (code === null) return null;
  const isEdited = code.drift.length > 0;
  return (
    <Link href="/connectors-as-code" className={classes.mark} title={code.file}>
      {isEdited ? 'code, edited' : 'code'}
    </Link>
  );
}
