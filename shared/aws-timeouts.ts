/** How long a client of the AWS SDK waits for a connection, and for the next bytes; ms. Without these it waits for ever. */
export const awsTimeouts = { connectionTimeout: 3_000, socketTimeout: 30_000 } as const;
