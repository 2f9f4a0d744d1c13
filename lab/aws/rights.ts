import { AwsError } from "./aws-error.ts";
import type { S3Operation, S3Target } from "./s3-operation.ts";

/** Prefixes of the keys that a role may use in a bucket; `lists` as a condition on `s3:prefix`. */
export interface BucketRights {
  readonly gets: readonly string[];
  readonly puts: readonly string[];
  readonly lists: readonly string[];
}

/** S3 permissions of a role by bucket. An empty object allows everything. */
export type Rights = Readonly<Record<string, BucketRights>>;

export interface RightsBook {
  readonly set: (rights: Rights | undefined) => void;
  /** Performs an allowed operation, and returns S3's refusal for any other. */
  readonly under: <T>(operation: S3Operation, target: S3Target, perform: () => Promise<T>) => Promise<T>;
}

/**
 * A missing key is 404 for a role that may list it, and 403 for any other (API reference: HeadObject, GetObject); where the
 * right to list has a condition, `s3:prefix` is then the key itself (ceph/s3-tests#741, kopia#3072; AWS does not document it).
 */
export function createRights(): RightsBook {
  let rights: Rights | undefined;
  return {
    set: (next) => {
      rights = next;
    },
    under: async (operation, target, perform) => {
      if (!rights) return perform();
      const { gets = [], puts = [], lists = [] } = rights[target.bucket] ?? {};
      const { key } = target;
      if (!isUnder(allowing(operation, { gets, puts, lists }), keyOf(operation, target))) throw denied();
      if (target.headers["if-match"] !== undefined && !isUnder(gets, key)) throw denied();
      try {
        return await perform();
      } catch (error) {
        const isMissing = error instanceof AwsError && error.code === "NoSuchKey";
        throw isMissing && !isUnder(lists, key) ? denied() : error;
      }
    },
  };
}

function allowing(operation: S3Operation, { gets, puts, lists }: BucketRights): readonly string[] {
  if (operation === "GetObject" || operation === "HeadObject") return gets;
  if (operation === "PutObject") return puts;
  return operation === "ListObjectsV2" ? lists : [];
}

function keyOf(operation: S3Operation, { key, query }: S3Target): string {
  return operation === "ListObjectsV2" ? (query.get("prefix") ?? "") : key;
}

function isUnder(prefixes: readonly string[], key: string): boolean {
  return prefixes.some((prefix) => key.startsWith(prefix));
}

function denied(): AwsError {
  return new AwsError(403, "AccessDenied", "Access Denied");
}
