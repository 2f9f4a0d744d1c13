import { crc32 } from "node:zlib";

/** An incremental checksum. Call `digest` only once. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** CRC-32 as in ISO 3309 (zip, gzip). */
export function runningCrc32(): RunningHash {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => bigEndian(crc),
  };
}

/** CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
export function runningCrc32c(): RunningHash {
  const table = crc32cTable;
  let crc = 0xffffffff;
  return {
    update: (bytes) => {
      for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    },
    digest: () => bigEndian(~crc),
  };
}

/** CRC-64/NVME (NVM Command Set specification), kept in two halves because bigint per byte is far too slow. */
export function runningCrc64nvme(): RunningHash {
  const { highs, lows } = crc64nvmeTable;
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
        high = (high >>> 8) ^ (highs[index] ?? 0);
      }
    },
    digest: () => bigEndian(~high, ~low),
  };
}

function bigEndian(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => {
    bytes.writeUInt32BE(word >>> 0, index * 4);
  });
  return bytes;
}

function reflectedRemainder(byte: number, polynomial: bigint): bigint {
  let remainder = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1n ? (remainder >> 1n) ^ polynomial : remainder >> 1n;
  return remainder;
}

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => Number(reflectedRemainder(byte, 0x82f63b78n)));

const crc64nvmeTable = {
  highs: Uint32Array.from({ length: 256 }, (_, byte) => Number(reflectedRemainder(byte, 0x9a6c9329ac4bc9b5n) >> 32n)),
  lows: Uint32Array.from({ length: 256 }, (_, byte) =>
    Number(reflectedRemainder(byte, 0x9a6c9329ac4bc9b5n) & 0xffffffffn),
  ),
};
