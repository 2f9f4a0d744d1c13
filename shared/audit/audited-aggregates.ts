import type { Bucket } from "../aws/bucket.ts";
import type { BookName } from "../core/day-aggregate.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { AuditedBook } from "./audited-aggregate.ts";
import { auditedAnalytics } from "./audited-analytics.ts";
import { auditedCalls } from "./audited-calls.ts";

const others = [auditedAnalytics];

/** What there is to audit of an account: its calls always, another book where anything lies in it or where it is `expected`. */
export async function auditedAggregates(
  archive: Bucket,
  account: string,
  expected: ReadonlySet<BookName> = new Set(),
): Promise<AuditedBook[]> {
  const books = [auditedCalls];
  for (const book of others) if (expected.has(book.name) || (await isKept(archive, account, book))) books.push(book);
  return books;
}

async function isKept(archive: Bucket, account: string, { name, prefixes }: AuditedBook): Promise<boolean> {
  const { manifestsPrefix, ledgerPrefix } = aggregateKeys[name];
  for (const prefix of [manifestsPrefix(account), ledgerPrefix(account), ...prefixes(account)])
    for await (const _object of archive.list(prefix)) return true;
  return false;
}
