import { expect, test } from "vitest";
import { createPageSizes } from "../../shared/archive/page-sizes.ts";
import { walkCallLog } from "../../shared/archive/walk-call-log.ts";
import { clientTo, server } from "../ringcentral/scripted-client.ts";
import { account, openArchive } from "../storage/archive-world.ts";

/** A page that fills a part of a listing by itself. */
function page(n: number, next: string): Response {
  const records = Array.from({ length: 2_000 }, (_, r) => ({ id: `${n}-${r}`, startTime: "2026-11-01T10:00:00Z" }));
  return new Response(JSON.stringify({ records, navigation: { nextPage: { uri: next } } }));
}

test("a listing that leads back over its parts ends there, as one that does not end", async () => {
  const world = await openArchive();
  let pages = 0;
  const { client, asked } = clientTo(() => {
    if (++pages > 4) throw new Error("it goes round and round");
    return page(pages, `${server}/restapi/v1.0/account/~/call-log?page=${pages % 2}`);
  });

  const walk = walkCallLog(world.services("run", { client }), {
    ...{ account, day: "2026-11-01", sizes: createPageSizes("night", undefined), succeeded: () => {} },
  });

  await expect(walk).rejects.toMatchObject({ code: "API_UNEXPECTED", details: { pages: 3 } });
  expect(asked).toHaveLength(3);
});
