import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod/mini";
import { bytesBody } from "../aws/bucket.ts";
import { Metric } from "../contract.ts";
import { type CallRecord, callRecord, isTooShort, namedRecordings } from "../core/call-record.ts";
import { type Day, type Span, spanOf } from "../core/days.ts";
import { parseExactJson } from "../core/exact-json.ts";
import { inOrder } from "../core/in-order.ts";
import type { ManifestEvent } from "../core/manifest.ts";
import { mergeRecords } from "../core/merge-records.ts";
import { archiveKeys, stateKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { type CallLogPage, callLogUrl, readCallLogPage } from "../ringcentral/call-log.ts";
import { noteAccount } from "./account-note.ts";
import { mergeIntoDayFile } from "./day-file.ts";
import type { OpenDays } from "./open-days.ts";
import { writeOutcome } from "./outcomes.ts";
import type { ArchiveServices } from "./services.ts";

const daysAtOnce = 4;
/** RingCentral numbers pages to 1,000; a list that goes on beyond does not end. */
const longestListing = 1_000;

/** Lists days, several at once; yields how many of them are listed, stored and written down. */
export async function* listDays(s: ArchiveServices, { account, list }: OpenDays, from = 0): AsyncGenerator<number> {
  yield* inOrder(list, from, daysAtOnce, (day) => listDay(s, account, day));
  const budget = s.client.gate("heavy").budget();
  if (budget) await noteAccount(s.state, { id: account, heavyPerMinute: (budget.limit * 60_000) / budget.windowMs });
}

/** One complete walk of a day's call log, into the day's file; what it found is written down for the manifest. */
async function listDay(s: ArchiveServices, account: string, day: Day): Promise<void> {
  const span = spanOf(day, s.timeZone);
  const walked = await walk(s, account, day, span);
  const records = mergeRecords(
    [],
    walked.records.filter((record) => isOfDay(record, span)),
  );
  const { file, merged } = await mergeIntoDayFile(s.archive, archiveKeys.calls(account, day), records);
  const named = namedRecordings(records);
  const event: ManifestEvent = {
    is: "listed",
    listing: {
      run: s.run.name,
      at: walked.at,
      records: records.length,
      recordings: named.length,
      fingerprint: fingerprint(records, named),
    },
    calls: file,
    counts: {
      records: merged.length,
      deleted: merged.filter(({ fields }) => fields.deleted).length,
      tooShort: merged.filter(isTooShort).length,
    },
    named: namedRecordings(merged),
  };
  await writeOutcome(s.state, { account, day, run: s.run.name, name: "listing" }, [event]);
  s.metrics.add(Metric.daysListed);
  s.log.info("day listed", { day, calls: records.length, recordings: named.length });
}

/** Records of a listing, and when it began: what came later may be missing. */
interface Walk {
  readonly at: string;
  readonly records: readonly CallRecord[];
}

/** Every page of a listing, each read once: a walk that was broken off goes on behind the pages it had stored. */
async function walk(s: ArchiveServices, account: string, day: Day, span: Span): Promise<Walk> {
  const records: CallRecord[] = [];
  let url: string | undefined = callLogUrl(s.client.server, span);
  let at = s.now().toISOString();
  for (let number = 1; url !== undefined; number++) {
    if (number > longestListing) throw endless(day);
    const key = stateKeys.page(account, day, s.run.name, number);
    const stored = await storedPage(s, key);
    const page: CallLogPage = stored ?? (await readCallLogPage(s.client, url));
    if (stored) at = stored.at;
    // The last page is followed at once by the day's file; storing it would save nothing.
    else if (page.next !== undefined) await storePage(s, key, { ...page, at });
    records.push(...page.records);
    url = page.next;
  }
  return { at, records };
}

const StoredPage = z.object({ at: z.string(), records: z.array(z.unknown()), next: z.string() });

async function storedPage(
  s: ArchiveServices,
  key: string,
): Promise<(CallLogPage & { readonly at: string }) | undefined> {
  const stored = await s.state.get(key);
  if (!stored) return undefined;
  const { at, records, next } = StoredPage.parse(parseExactJson(gunzipSync(stored.body).toString()));
  return { at, records: records.map(callRecord), next };
}

async function storePage(
  s: ArchiveServices,
  key: string,
  { at, records, next }: CallLogPage & { readonly at: string },
): Promise<void> {
  const body = gzipSync(JSON.stringify({ at, records: records.map(({ raw }) => raw), next }));
  await s.state.put(key, bytesBody(body), "application/gzip");
}

/** RingCentral's bounds are inclusive, a day's are half-open; a record that does not say when it began stays where it was listed. */
function isOfDay({ fields }: CallRecord, { from, to }: Span): boolean {
  const start = Date.parse(fields.startTime);
  return Number.isNaN(start) || (from.getTime() <= start && start < to.getTime());
}

function fingerprint(records: readonly CallRecord[], named: readonly { readonly id: string }[]): string {
  const ids = [records.map(({ fields }) => fields.id).sort(), named.map(({ id }) => id).sort()];
  return createHash("sha256").update(JSON.stringify(ids)).digest("hex");
}

function endless(day: Day): JobError {
  return new JobError("API_UNEXPECTED", `The call log of ${day} went on beyond ${longestListing} pages`, {
    todo: "Open an issue; nothing of that day was stored by this run.",
    details: { day },
  });
}
