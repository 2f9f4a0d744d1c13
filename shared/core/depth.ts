/**
 * What a verification compares of an object with its manifest. `listing`: size and ETag, from a LIST. `checksums`: also the
 * SHA-256 that S3 stores. `bytes`: also the bytes themselves.
 */
export const depths = ["listing", "checksums", "bytes"] as const;
export type Depth = (typeof depths)[number];
