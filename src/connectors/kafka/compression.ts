import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import snappyCodec from 'kafkajs-snappy';
import { compress, decompress } from 'lz4js';

const { CompressionCodecs, CompressionTypes } = kafkajs;

interface Encoder {
  readonly buffer: Buffer;
}

const [zstd, unzstd] = [promisify(zstdCompress), promisify(zstdDecompress)];

const zstdCodec = () => ({
  compress: ({ buffer }: Encoder) => zstd(buffer),
  decompress: (buffer: Buffer) => unzstd(buffer),
});

const lz4Codec = () => ({
  compress: async ({ buffer }: Encoder) => Buffer.from(compress(buffer)),
  decompress: async (buffer: Buffer) => Buffer.from(decompress(buffer)),
});

/**
 * Registers the codecs of Snappy, LZ4, and Zstandard; the client already supports gzip. Repeated calls change nothing.
 */
export function knowCompression(): void {
  Object.assign(CompressionCodecs, {
    [CompressionTypes.Snappy]: snappyCodec,
    [CompressionTypes.LZ4]: lz4Codec,
    [CompressionTypes.ZSTD]: zstdCodec,
  });
}
