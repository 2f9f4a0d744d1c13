import { describe, expect, test } from "vitest";
import type { Bucket } from "../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../shared/core/object-keys.ts";
import { hourMs } from "../../shared/core/time/days.ts";
import { JobError } from "../../shared/errors.ts";
import { account, addToLedger, openArchive, sha256Of } from "../support/storage/archive-world.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";
import { beforeNextEntry, expectChain, readLedger, readLedgerManifests } from "../support/storage/read-ledger.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;

describe("a ledger entry", () => {
  test("contains every manifest written since the last, by day, with the hash and length of its bytes", async () => {
    const world = await openArchive();
    await world.writeDay(second);
    await world.writeDay(first);

    const number = await addToLedger(world.services("run 1"));

    const [entry] = (await readLedger(world)).map((each) => each.entry);
    expect([number, entry?.number, entry?.run, entry?.account]).toEqual([1, 1, "run 1", account]);
    for (const { day, bytes, sha256, revision } of entry?.manifests ?? []) {
      const { body } = (await world.archive.get(aggregateKeys.calls.manifest(account, day))) ?? {
        body: Buffer.from(""),
      };
      expect({ bytes, sha256, revision }).toEqual({
        bytes: body.length,
        sha256: sha256Of(body.toString()),
        revision: 1,
      });
    }
    expect(entry?.manifests.map(({ day }) => day)).toEqual([first, second]);
  });

  test("of many nights contains only what each has changed, in one chain", async () => {
    const world = await openArchive();
    const hashes: string[][] = [];
    for (const days of [[first], [first, second], [second], [first, third]]) {
      const night: string[] = [];
      for (const day of days) night.push(`${day} ${await world.writeDay(day)}`);
      hashes.push(night);
      await addToLedger(world.services(`night ${hashes.length}`));
      world.clock.advance(24 * hourMs);
    }

    expect(await readLedgerManifests(world)).toEqual(hashes);
    await expectChain(world);
  });

  test("of several runs within minutes contains only what each has changed", async () => {
    const world = await openArchive();
    const hashes: string[][] = [];
    for (const day of [first, second, first, first]) {
      world.clock.advance(60_000);
      hashes.push([`${day} ${await world.writeDay(day)}`]);
      await addToLedger(world.services(`run ${hashes.length}`));
    }

    expect(await readLedgerManifests(world)).toEqual(hashes);
    await expectChain(world);
  });

  test("contains what a run wrote that was killed before its own entry, even days ago", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    await addToLedger(world.services("run 1"));
    world.clock.advance(24 * hourMs);
    const killed = await world.writeDay(second, [], "killed");
    world.clock.advance(72 * hourMs);

    const number = await addToLedger(world.services("run 3"));

    expect([number, (await readLedgerManifests(world)).at(-1)]).toEqual([2, [`${second} ${killed}`]]);
    await expectChain(world);
  });

  test("contains what a run wrote while another was writing its entry", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    const late: string[] = [];
    const archive = beforeNextEntry(world.archive, async () => {
      late.push(`${second} ${await world.writeDay(second, [], "late")}`);
      world.clock.advance(10 * 60_000);
    });
    await addToLedger(world.services("run 1", { archive }));

    await addToLedger(world.services("late"));

    expect((await readLedgerManifests(world)).at(-1)).toEqual(late);
    await expectChain(world);
  });

  test("is written once even if the response to its write was lost", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    world.aws.plan({
      on: { operation: "PutObject", key: aggregateKeys.calls.ledgerEntry(account, 1) },
      what: "lostResponse",
    });

    const number = await addToLedger(world.services("run"));

    expect([number, (await readLedger(world)).length]).toEqual([1, 1]);
  });

  test("is written once even if S3 returned no ETag for the last allowed write", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    let writes = 0;
    const create: Bucket["create"] = async (...write) => {
      if (++writes < 5) return undefined;
      return (await world.archive.create(...write)) === undefined ? undefined : "";
    };

    const number = await addToLedger(world.services("run", { archive: { ...world.archive, create } }));

    expect([number, writes, (await readLedger(world)).length]).toEqual([1, 5, 1]);
  });

  test("is abandoned after five writes that others preceded", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    let writes = 0;
    const create: Bucket["create"] = async () => void writes++;

    const writing = addToLedger(world.services("run", { archive: { ...world.archive, create } }));

    await expect(writing).rejects.toThrow("The ledger was changed by another run on each of 5 attempts");
    expect(writes).toBe(5);
  });

  test("is never replaced: a run that had read too early makes the next", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    const archive = beforeNextEntry(world.archive, async () => {
      await addToLedger(world.services("other"));
      await world.writeDay(second);
    });

    const number = await addToLedger(world.services("run", { archive }));

    expect([number, (await readLedger(world)).map(({ entry }) => entry.run)]).toEqual([2, ["other", "run"]]);
    await expectChain(world);
  });
});

test("the ledger contains each manifest once even if many runs write at once, and the chain has no gap", async () => {
  const world = await openArchive();
  const days = [first, second, third, "2026-11-04"];
  const hashes = await Promise.all(
    days.map(async (day) => {
      const sha256 = await world.writeDay(day);
      await addToLedger(world.services(`run of ${day}`));
      return `${day} ${sha256}`;
    }),
  );

  expect((await readLedgerManifests(world)).flat().sort()).toEqual(hashes.sort());
  await expectChain(world);
});

test("an entry contains all other manifests if S3 denies one, which is added once S3 allows it, even nights later", async () => {
  const world = await openArchive();
  const refused = await world.writeDay(first);
  const given = await world.writeDay(second);
  const isRefused = { status: 403, code: "AccessDenied" };
  world.aws.plan({ on: { key: aggregateKeys.calls.manifest(account, first) }, what: isRefused, times: "always" });

  const nights: unknown[] = [];
  for (let night = 1; night <= 3; night++) {
    if (night === 3) world.aws.clearFaults();
    const entering = addToLedger(world.services(`night ${night}`));
    nights.push(await entering.catch(({ code, details }) => `${code} ${details.first}`));
    world.clock.advance(24 * hourMs);
    await world.writeDay(third);
  }

  expect(nights).toEqual([`DAYS_INCOMPLETE ${first}`, `DAYS_INCOMPLETE ${first}`, 3]);
  const entered = await readLedgerManifests(world);
  expect(entered[0]).toEqual([`${second} ${given}`]);
  expect(entered[2]).toContain(`${first} ${refused}`);
  await expectChain(world);
});

test("a manifest that runs do not read is looked up once if the state bucket was lost, and its day is not taken for closed", async () => {
  const world = await openArchive();
  await world.writeDay(first);
  await addToLedger(world.services("run 1"));
  const state = memoryBucket();
  const lookedUp: string[] = [];
  const head: Bucket["head"] = (key) => {
    lookedUp.push(key);
    return world.archive.head(key);
  };

  for (const run of ["run 2", "run 3"])
    await addToLedger(world.services(run, { state, archive: { ...world.archive, head } }));

  expect(lookedUp).toEqual([aggregateKeys.calls.manifest(account, first)]);
  expect((await world.services("run 4", { state }).dayStore(account).list()).closed).toEqual(new Set());
  expect(await readLedger(world)).toHaveLength(1);
});

test("the ledger is not written if S3 denies every manifest, and the run says why", async () => {
  const world = await openArchive();
  await world.writeDay(first);
  await world.writeDay(second);
  world.aws.plan({ on: { operation: "HeadObject" }, what: { status: 403, code: "AccessDenied" }, times: "always" });

  await expect(addToLedger(world.services("run"))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

describe("if S3 has no SHA-256 of a manifest", () => {
  const withoutHash = (archive: Bucket): Bucket => ({
    ...archive,
    head: async (key) => {
      const metadata = await archive.head(key);
      return metadata && { ...metadata, sha256: undefined };
    },
  });

  test("its body is hashed, and the entry contains it", async () => {
    const world = await openArchive();
    const sha256 = await world.writeDay(first);

    const number = await addToLedger(world.services("run", { archive: withoutHash(world.archive) }));

    expect([number, await readLedgerManifests(world)]).toEqual([1, [[`${first} ${sha256}`]]]);
    await expectChain(world);
  });

  test("and its body must not be read, that is logged and fails the run once the others are added", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    const sha256 = await world.writeDay(second);
    const refused = new JobError("STORAGE_FAILED", "GetObject answered 403");
    const archive: Bucket = {
      ...withoutHash(world.archive),
      open: async (key) => (key.includes(first) ? Promise.reject(refused) : world.archive.open(key)),
    };
    const warned: unknown[] = [];
    const log = { info: () => {}, warn: (...line: unknown[]) => void warned.push(line), error: () => {} };

    const entering = addToLedger(world.services("run", { archive, log }));

    await expect(entering).rejects.toMatchObject({ code: "DAYS_INCOMPLETE", details: { first } });
    expect(await readLedgerManifests(world)).toEqual([[`${second} ${sha256}`]]);
    expect(warned).toMatchObject([["manifest not added to the ledger", { day: first, code: "STORAGE_FAILED" }]]);
  });

  test("and S3 does not respond, the run fails and may be retried", async () => {
    const world = await openArchive();
    await world.writeDay(first);
    const away = new JobError("STORAGE_FAILED", "GetObject answered 503", { retryable: true });
    const archive: Bucket = { ...withoutHash(world.archive), open: () => Promise.reject(away) };

    await expect(addToLedger(world.services("run", { archive }))).rejects.toBe(away);
  });
});
