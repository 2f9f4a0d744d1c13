/**
 * Checksums in the configuration of every S3 client. Every write sends its own SHA-256, so that a second checksum is superfluous.
 * What is read is compared with its manifest or by its gzip. The SDK's own check would throw in the middle of a damaged object,
 * with an error like that of a lost connection, and end the run instead of naming the object.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
 */
export const s3Checksums = {
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
} as const;
