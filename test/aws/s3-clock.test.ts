import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { enterLab, s3Client } from "../../lab/aws/trial/lab-under-test.ts";
import { createS3Clock } from "../../shared/aws/s3-clock.ts";
import { dayMs } from "../../shared/core/time/days.ts";

const instant = Date.parse("2026-11-04T08:30:00.250Z");
/** A `Date` header is cut to seconds and taken for the middle of its second. */
const headerErrorMs = 250;

/**
 * A container whose own clock is wrong by `errorMs`, before and after S3 has answered once, in a world where time stands
 * still; `lateMs` pass in the container until it reads the response.
 */
async function openClock(errorMs: number, lateMs = 0) {
  const aws = await enterLab({
    clock: { now: () => instant, advance: () => {}, offsetMs: () => instant - Date.now() },
    checkSkew: false,
  });
  const client = s3Client(aws, { maxAttempts: 1 });
  let machine = instant + errorMs;
  const now = createS3Clock(client, () => machine);
  const before = now().getTime() - instant;
  const sendRequest = (readLateMs: number) => {
    aws.setObserver(() => {
      machine += readLateMs;
    });
    return client.send(new HeadObjectCommand({ Bucket: "state", Key: "clock" })).catch(() => {});
  };
  await sendRequest(lateMs);
  return {
    before,
    after: now().getTime() - instant,
    sendRequest,
    /** Error of the clock in ms. */
    error: () => now().getTime() - instant,
    /** Error of the clock in ms after the given time without a response. */
    later: (ms: number) => {
      machine += ms;
      return now().getTime() - instant - ms;
    },
  };
}

test.each([dayMs, -dayMs, 60_000, -60_000, 400 * dayMs])(
  "a container whose clock is wrong by %i ms follows S3's clock after any response, even a 404",
  async (errorMs) => {
    const { before, after } = await openClock(errorMs);

    expect([before, after]).toEqual([errorMs, headerErrorMs]);
  },
);

test.each([0, 900, -900])(
  "a clock that agrees with S3 within the header's precision (%i ms) is believed",
  async (errorMs) => {
    const { after } = await openClock(errorMs);

    expect(after).toBe(errorMs);
  },
);

test.each([3_000, 30_000])("a clock is believed although its response was read %i ms late", async (lateMs) => {
  const { after } = await openClock(0, lateMs);

  expect(after).toBe(lateMs);
});

test("a corrected clock stays correct, however late later responses are read", async () => {
  const { after, sendRequest, error } = await openClock(3_000);

  await sendRequest(4_000);

  expect([after, error()]).toEqual([headerErrorMs, headerErrorMs + 4_000]);
});

test("a wrong clock whose response was read late is set by the middle between request and response", async () => {
  const { after } = await openClock(dayMs, 4_000);

  expect(after).toBe(headerErrorMs + 2_000);
});

test("between responses time continues by the container's clock", async () => {
  const { later } = await openClock(dayMs);

  expect(later(3_600_000)).toBe(headerErrorMs);
});
