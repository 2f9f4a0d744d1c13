/** Timeouts of the AWS SDK's clients for a connection and for the next bytes, in ms. By default they never time out. */
export const awsTimeouts = { connectionTimeout: 3_000, socketTimeout: 30_000 } as const;
