const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A count in full: `12,345`. */
export function countText(count: number): string {
  return whole.format(count);
}

/** A count with its noun: `1 agent`, `2 agents`. @param plural of a noun that does not take an s */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** A count for narrow places: `12.3K`. */
export function shortCountText(count: number): string {
  return compact.format(count);
}

/** US dollars with enough digits for the cost of one run: `$0.0012`, `$3.40`, `$1,234.50`; a dash without a price. */
export function costText(usd: number | null): string {
  if (usd === null) return '–';
  if (usd === 0) return '$0';
  if (usd < 0.0001) return '<$0.0001';
  const digits = usd < 0.1 ? 4 : 2;
  return `$${usd.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** A share between 0 and 1 as a percentage: `98.5%`; a dash for `null`. */
export function percentText(share: number | null): string {
  if (share === null) return '–';
  const percent = share * 100;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)}%`;
}

/** A readable size: `512 B`, `1.5 kB`, `2.0 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
