import { encode } from 'uqr';
import classes from './qr-code.module.css';

export interface QrCodeProps {
  readonly text: string;
  /** Describes the code's content to users who cannot see it. */
  readonly label: string;
}

/** A QR code: dark on light in every theme, because many scanners accept nothing else. */
export function QrCode({ text, label }: QrCodeProps) {
  const { data, size } = encode(text, { border: 4 });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    <svg
      className={classes.code}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={squares.join('')} />
    </svg>
  );
}
