import type { OnRequest } from "./container.ts";

/** S3 requests of a run by operation, under the names of HTTP. */
export type S3Operations = Readonly<Record<"GET" | "LIST" | "HEAD" | "PUT", number>>;

const operations: Readonly<Record<string, keyof S3Operations>> = {
  GetObject: "GET",
  ListObjectsV2: "LIST",
  HeadObject: "HEAD",
  PutObject: "PUT",
};

/** Counts S3 requests while `onRequest` is notified of them. */
export function countS3Operations(): { readonly onRequest: OnRequest; readonly read: () => S3Operations } {
  const counts = { GET: 0, LIST: 0, HEAD: 0, PUT: 0 };
  return {
    onRequest: ({ operation }, stage) => {
      const name = operations[operation];
      if (stage === "sent" && name) counts[name]++;
    },
    read: () => ({ ...counts }),
  };
}
