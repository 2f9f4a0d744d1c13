import { expect, test } from "vitest";
import { createPageSizes } from "../../../shared/jobs/archive-calls/page-sizes.ts";
import { walkCallLog } from "../../../shared/jobs/archive-calls/walk-call-log.ts";
import { clientTo, server } from "../../support/ringcentral/scripted-client.ts";
import { account, openArchive } from "../../support/storage/archive-world.ts";

const startTime = "2026-11-01T10:00:00Z";

function records(count: number, prefix = "a") {
  return Array.from({ length: count }, (_, n) => ({ id: `${prefix}-${n}`, startTime }));
}

function pageOf(records: readonly unknown[], next: string | undefined): Response {
  return new Response(JSON.stringify({ records, ...(next && { navigation: { nextPage: { uri: next } } }) }));
}

test("a listing that leads back over its parts ends as an endless one", async () => {
  const world = await openArchive();
  let pages = 0;
  const { client, requested } = clientTo(() => {
    if (++pages > 4) throw new Error("it goes round and round");
    // Each fills a part by itself.
    return pageOf(records(2_000, String(pages)), `${server}/restapi/v1.0/account/~/call-log?page=${pages % 2}`);
  });

  const walk = walkCallLog(world.services("run", { client }), {
    ...{ account, day: "2026-11-01", sizes: createPageSizes("night", undefined), succeeded: () => {} },
  });

  await expect(walk).rejects.toMatchObject({ code: "API_BAD_RESPONSE", details: { pages: 3 } });
  expect(requested).toHaveLength(3);
});

/** Records of which all lines together are `bytes` long. */
function ofLength(bytes: number) {
  const [record] = records(1);
  return [{ ...record, note: "x".repeat(bytes - JSON.stringify({ ...record, note: "" }).length) }];
}

test.each([
  ["2,000 records of it are there", records(1_999), [2_000, 1]],
  ["8 MiB of it are there", ofLength(8 * 1024 * 1024 - 1), [2, 1]],
])("a listing part ends with the page after which %s", async (_what, first, lengths) => {
  const world = await openArchive();
  const pages = [first, records(1, "b"), records(1, "c")];
  let sent = 0;
  const { client } = clientTo(() => pageOf(pages[sent++] ?? [], pages[sent] && `${server}/call-log?page=${sent + 1}`));

  const walk = await walkCallLog(world.services("run", { client }), {
    ...{ account, day: "2026-11-01", sizes: createPageSizes("night", undefined), succeeded: () => {} },
  });

  const found: number[] = [];
  for (const part of walk.parts) {
    let count = 0;
    for await (const _record of part.records()) count++;
    found.push(count);
    await part.discard();
  }
  expect(found).toEqual(lengths);
});
