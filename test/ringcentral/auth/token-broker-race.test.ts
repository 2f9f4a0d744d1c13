import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { type RingCentral, startRingCentral } from "../../../lab/ringcentral/server.ts";
import { versionedObject } from "../../../shared/aws/versioned-object.ts";
import type { Versioned } from "../../../shared/core/versioned.ts";
import { parseCredential } from "../../../shared/ringcentral/auth/credential.ts";
import { createTokenBroker } from "../../../shared/ringcentral/auth/token-broker.ts";
import { createTokenExchange, revokeToken } from "../../../shared/ringcentral/auth/token-exchange.ts";
import { TokenRecord } from "../../../shared/ringcentral/auth/token-record.ts";
import { openS3 } from "../../support/aws/open-s3.ts";
import { openBrokerHarness } from "../../support/ringcentral/broker-harness.ts";
import { createMemoryRecord, type WriteOutcome } from "../../support/ringcentral/memory-record.ts";

const containers = 20;
const scopes = ["ReadAccounts", "ReadCallLog", "ReadCallRecording"];

async function enterRingCentral(): Promise<RingCentral> {
  const ringCentral = await startRingCentral();
  onTestFinished(() => ringCentral.stop());
  return ringCentral;
}

const beganMs = Date.now();
/** Ten times slower than the machine's clock, because twenty containers may keep a busy machine longer than a broker waits. */
const slowNow = () => new Date(beganMs + (Date.now() - beganMs) / 10);

/** Creates the broker of one container; a moment's wait is short, so that the test is. */
function container({ credential }: RingCentral, record: Versioned<TokenRecord>) {
  return createTokenBroker({
    readCredential: async () => parseCredential(JSON.stringify(credential), new Date()),
    records: () => record,
    exchange: createTokenExchange({ scopes, fetch }),
    revoke: (known, token) => revokeToken(known, token, fetch),
    scope: scopes.join(" "),
    now: slowNow,
    sleep: () => sleep(20),
    nonce: randomUUID,
    isManual: () => false,
    onExchange: () => {},
  });
}

test("twenty containers that start together log in once", async () => {
  const ringCentral = await enterRingCentral();
  const record = createMemoryRecord(() => sleep(randomInt(4)));

  const tokens = await Promise.all(Array.from({ length: containers }, () => container(ringCentral, record).token()));

  expect(new Set(tokens).size).toBe(1);
  expect(ringCentral.counters().tokenExchanges.map(({ outcome }) => outcome)).toEqual(["issued"]);
});

test("twenty containers that start together log in once over S3, even if responses are lost and writes collide", async () => {
  const ringCentral = await enterRingCentral();
  const { aws, state } = await openS3();
  aws.plan({ on: { operation: "PutObject" }, what: "lostResponse" });
  aws.plan({ on: { operation: "PutObject" }, what: { status: 409, code: "ConditionalRequestConflict" } });

  const tokens = await Promise.all(
    Array.from({ length: containers }, () =>
      container(ringCentral, versionedObject(state, "tokens/one.json", TokenRecord)).token(),
    ),
  );

  expect(new Set(tokens).size).toBe(1);
  expect(ringCentral.counters().tokenExchanges.map(({ outcome }) => outcome)).toEqual(["issued"]);
});

test("a hundred tokens of twenty containers whose sessions are all evicted cost one more login", async () => {
  const ringCentral = await enterRingCentral();
  const record = createMemoryRecord(() => sleep(randomInt(2)));
  const brokers = Array.from({ length: containers }, () => container(ringCentral, record));
  const [first = ""] = await Promise.all(brokers.map((broker) => broker.token()));

  const again = brokers.map(async (broker) => {
    broker.reject(first);
    return Promise.all(Array.from({ length: 5 }, () => broker.token()));
  });

  expect(new Set((await Promise.all(again)).flat()).size).toBe(1);
  expect(ringCentral.counters().tokenExchanges).toHaveLength(2);
});

test("for any result of the writes, only one of several containers exchanges", async () => {
  const outcomes = fc.array(fc.constantFrom<WriteOutcome>("by version", "answer lost", "away"), { maxLength: 12 });
  const delays = fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 });

  await fc.assert(
    fc.asyncProperty(outcomes, delays, fc.integer({ min: 2, max: 6 }), async (planned, pauses, count) => {
      const record = createMemoryRecord(pauseFor(pauses));
      record.plan(...planned);
      const harness = openBrokerHarness(record);

      const got = await Promise.allSettled(Array.from({ length: count }, () => harness.broker().token()));

      expect(harness.exchanges.length).toBeLessThanOrEqual(1);
      const tokens = got.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      expect(new Set(tokens).size).toBe(harness.exchanges.length);
    }),
    { numRuns: 300 },
  );
});

test("containers of two scopes that start together exchange once for each, and never both at the same time", async () => {
  // A claim whose response is lost counts as an exchange: with four of them the hour still has two.
  const outcomes = fc.array(fc.constantFrom<WriteOutcome>("by version", "answer lost"), { maxLength: 4 });
  const delays = fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 });
  const others = fc.array(fc.constantFrom("ReadCallLog", "Analytics"), { maxLength: 4 });

  await fc.assert(
    fc.asyncProperty(outcomes, delays, others, async (planned, pauses, more) => {
      const pause = pauseFor(pauses);
      const record = createMemoryRecord(pause);
      record.plan(...planned);
      const harness = openBrokerHarness(record, async () => {
        for (let left = 5; left > 0; left--) await pause();
      });

      let waiting = [...more, "ReadCallLog", "Analytics"].map((scope) => harness.broker({ scope }));
      // Whoever has to wait comes again when a claim of now has been given up.
      for (let round = 0; waiting.length > 0 && round < 20; round++) {
        const got = await Promise.allSettled(waiting.map((broker) => broker.token()));
        waiting = waiting.filter((_broker, n) => got[n]?.status === "rejected");
        harness.advance(26_000);
      }

      expect(waiting).toEqual([]);
      expect(harness.exchanges.map(({ scope }) => scope).sort()).toEqual(["Analytics", "ReadCallLog"]);
      expect(harness.maxConcurrency()).toBe(1);
    }),
    { numRuns: 300 },
  );
});

/** Waits for a moment of random length, in turns of the event loop's microtasks. */
function pauseFor(lengths: readonly number[]): () => Promise<void> {
  let turn = 0;
  return async () => {
    for (let left = lengths[turn++ % lengths.length] ?? 0; left > 0; left--) await Promise.resolve();
  };
}
