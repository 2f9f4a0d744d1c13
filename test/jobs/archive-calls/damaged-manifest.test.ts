import { expect, test } from "vitest";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";

test("an open day whose manifest was damaged beneath S3 is not built upon, though it is still valid, and the run names it", async () => {
  const [first, second] = ["2026-11-01", "2026-11-02"];
  const world = await enterFastWorld({
    account: accountOf(...recordedCalls(first, 2), ...recordedCalls(second, 2)),
    sdk: true,
  });
  await world.run("archive-calls");
  const keys: string[] = [];
  for await (const each of world.archive.list("manifests/")) keys.push(each.key);
  const [key = ""] = keys.filter((each) => each.includes(second));
  const damage = (bytes: Buffer) => Buffer.from(bytes.toString().replace('"archived": 2', '"archived": 3'));
  await world.aws.alterBytes(`${world.name}-archive`, key, damage);
  world.clock.advance(24 * 3_600_000);

  const { error } = await world.run("archive-calls");

  expect(error).toMatchObject({ code: "DAYS_INCOMPLETE", message: expect.stringContaining(second) });
  expect((await world.manifests())[first]).toMatchObject({ status: "closed" });
  expect((await world.manifests())[second]).toMatchObject({ status: "open", revision: 1 });
});
