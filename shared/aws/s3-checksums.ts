/** Checksums in the configuration of S3 clients that write: every write sends its own SHA-256, so that a second one is superfluous. */
export const ownChecksums = { requestChecksumCalculation: "WHEN_REQUIRED" } as const;

/**
 * The same for those that compare what they read with manifests. The SDK's own check would throw in the middle of a damaged
 * object, with an error like that of a lost connection, and end the verification instead of naming the object.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
 */
export const readAsStored = { ...ownChecksums, responseChecksumValidation: "WHEN_REQUIRED" } as const;
