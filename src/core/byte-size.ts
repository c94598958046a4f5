const kibibyte = 1_024;
const mebibyte = kibibyte * kibibyte;

/** A number of bytes in words, with at most one decimal: `512 bytes`, `16 kB`, `10.5 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < kibibyte) return `${bytes} bytes`;
  return bytes < mebibyte ? `${rounded(bytes / kibibyte)} kB` : `${rounded(bytes / mebibyte)} MB`;
}

function rounded(amount: number): number {
  return Number(amount.toFixed(1));
}
