import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRunOwner, OwnerRecord } from "../../../shared/aws/run-owner.ts";
import { versionedObject } from "../../../shared/aws/versioned-object.ts";
import { aggregateKeys, stateKeys } from "../../../shared/core/object-keys.ts";
import { isDay } from "../../../shared/core/time/days.ts";
import { JobError } from "../../../shared/errors.ts";
import { readDayFile } from "../../../shared/jobs/archive-calls/day-file.ts";
import { readListingPart } from "../../../shared/jobs/archive-calls/listing-part.ts";
import { TokenRecord } from "../../../shared/ringcentral/auth/token-record.ts";
import { readCachedAccount } from "../../../shared/storage/cached-account.ts";
import { createDayIndexFile } from "../../../shared/storage/day-index-file.ts";
import { readLedgerEntry } from "../../../shared/storage/ledger-file.ts";
import { dayKey, mergeDay } from "../../support/archive-calls/merge-day.ts";
import { recordOf } from "../../support/core/call-records.ts";
import { account } from "../../support/storage/archive-world.ts";
import { hostileBytes, hostileLines } from "../../support/storage/hostile-bytes.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";
import { all } from "../../support/storage/streams.ts";
import { valueOrJobError } from "../../support/storage/value-or-job-error.ts";

const day = "2026-11-01";
const now = new Date("2026-11-20T12:00:00Z");
const runs = { numRuns: 200 };
const record = { id: "call", startTime: "2026-11-01T10:00:00.000Z", recording: { id: "a" }, legs: [{ kept: true }] };

describe("for any stored bytes,", () => {
  test("a day's file is read as records, or is reported as damaged and stays unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(hostileLines([record, { ...record, id: "other" }]), async (file) => {
        const archive = memoryBucket({ [dayKey]: file });

        const read = await valueOrJobError(() => all(readDayFile(archive, dayKey)));
        const merged = await valueOrJobError(() => mergeDay(archive, [recordOf({ id: "new" })]));

        if (!(read instanceof JobError)) {
          expect(merged).toMatchObject({ facts: { counts: { records: expect.any(Number) } } });
          return;
        }
        expect(read).toMatchObject({ code: "STORAGE_INVALID", details: { key: dayKey } });
        expect(merged).toMatchObject({ code: "STORAGE_INVALID" });
        expect((await archive.get(dayKey))?.body.equals(file)).toBe(true);
      }),
      runs,
    );
  });

  test("a listing part is read, or is ignored", async () => {
    const key = stateKeys.listingPart(account, day, "run", 1);
    const head = { at: "2026-11-03T03:00:00.000Z", pages: 2, next: "https://platform.example.com/page/3" };

    await fc.assert(
      fc.asyncProperty(hostileLines([head, record]), async (file) => {
        const part = await readListingPart(memoryBucket({ [key]: file }), key);

        if (!part) return;
        expect(part.head).toMatchObject({ at: expect.any(String), pages: expect.any(Number) });
        const read = await valueOrJobError(() => all(part.records()));
        if (read instanceof JobError) expect(read.code).toBe("STORAGE_INVALID");
        await part.discard();
      }),
      runs,
    );
  });

  test("the index of days names days and whole counts, or none", async () => {
    const index = {
      ...{ schema: "nightshift/day-index/1", account, rules: "", walkedAt: "2026-11-03T03:00:00.000Z" },
      days: { [day]: { etag: "e", status: "closed", counts: { calls: 3 } }, "2026-11-02": { status: "open" } },
    };
    const key = aggregateKeys.calls.dayIndex(account);
    const options = { key, account, rules: "", now: () => new Date("2026-11-04T03:00:00Z") };

    await fc.assert(
      fc.asyncProperty(hostileLines([index]), async (body) => {
        const entries = await createDayIndexFile({ ...options, state: memoryBucket({ [key]: body }) }).entries();

        const counts = [...entries.values()].flatMap((entry) => Object.values(entry.counts ?? {}));
        expect([...entries.keys()].filter((each) => !isDay(each))).toEqual([]);
        expect(counts.filter((count) => !Number.isInteger(count) || count < 0)).toEqual([]);
      }),
      runs,
    );
  });

  test("the cached account is valid for an estimate, or is ignored", async () => {
    await fc.assert(
      fc.asyncProperty(hostileBytes({ id: account, heavyPerMinute: 10 }), async (body) => {
        const note = await readCachedAccount(memoryBucket({ [stateKeys.account]: body }));

        expect(note?.id ?? "").toBeTypeOf("string");
        expect(note?.heavyPerMinute ?? 1).toBeGreaterThan(0);
      }),
      runs,
    );
  });

  test("a ledger entry is read, or is reported as invalid", async () => {
    const key = aggregateKeys.calls.ledgerEntry(account, 1);
    const manifests = [{ day, revision: 1, bytes: 10, sha256: "hash" }];
    const entry = { schema: "nightshift/ledger-entry/1", account, number: 1, run: "r", at: "x", manifests, nonce: "n" };

    await fc.assert(
      fc.asyncProperty(hostileBytes(entry), async (body) => {
        const read = await valueOrJobError(() => readLedgerEntry(memoryBucket({ [key]: body }), key));

        if (read instanceof JobError) expect(read).toMatchObject({ code: "STORAGE_INVALID", details: { key } });
        else expect(read.entry.number).toBeGreaterThan(0);
      }),
      runs,
    );
  });

  test("a run becomes the owner, and waits for an hour at most", async () => {
    const key = stateKeys.owner("archive-calls");
    const at = "2026-11-20T11:59:00.000Z";
    const owner = { nonce: "n", run: "other", since: at, ended: at, nextWindowAt: "2026-11-20T12:00:30.000Z" };
    const quiet = fc.date({ noInvalidDate: true }).map((until) => ({ ...owner, nextWindowAt: until.toISOString() }));
    const bodies = fc.oneof(
      hostileBytes(owner),
      quiet.map((each) => Buffer.from(JSON.stringify(each))),
    );

    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const record = versionedObject(memoryBucket({ [key]: body }), key, OwnerRecord);
        const own = createRunOwner(record, { now: () => now, nonce: () => "own", jobsAtWork: async () => 1 });

        const { waitSeconds } = await own.claim("run");

        expect(await own.isCurrent("run")).toBe(true);
        expect(waitSeconds).toBeGreaterThanOrEqual(0);
        expect(waitSeconds).toBeLessThanOrEqual(3_600);
        await own.release("run");
      }),
      runs,
    );
  });

  test("the shared token record is read, or can be replaced", async () => {
    const key = stateKeys.token("name");
    const refusal = { code: "OAU-213", at: now.toISOString(), until: now.toISOString() };
    const token = { sealed: "a..b.c.d", expiresAt: now.toISOString(), renewAt: now.toISOString() };
    const state = { type: "failed", ...refusal };
    const example = { nonce: "n", credential: "c", exchanges: [], scopes: { s: { token, refusal } }, state };
    const written: TokenRecord = { nonce: "own", credential: "c", exchanges: [], scopes: {}, state: { type: "idle" } };

    await fc.assert(
      fc.asyncProperty(hostileBytes(example), async (body) => {
        const object = versionedObject(memoryBucket({ [key]: body }), key, TokenRecord);

        const stored = await object.read();

        expect(await object.write(written, stored?.version)).toBeDefined();
        expect((await object.read())?.value).toEqual(written);
      }),
      runs,
    );
  });
});
