import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectStore } from "../../lab/aws/object-store.ts";
import { tamperKinds, tamperWithLab } from "../../lab/demo/tamper.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import { type Environment, loggedInOverHttp, nightshift } from "../support/cli/run-nightshift.ts";
import { openFastWorld } from "../support/fast-world.ts";

/** A lab whose days are closed, so that its ledger names them. */
let world: World;
let environment: Environment;
beforeAll(async () => {
  world = await openWorld({ inMemory: true, store: await afterTwoNights() });
  environment = loggedInOverHttp(world);
});
afterAll(() => world.stop());

/** What S3 holds after two nights of the lab's installation. */
async function afterTwoNights(): Promise<ObjectStore> {
  const earlier = await openFastWorld({ account: { calls: { perDay: 6 }, recordings: { bytes: 500 } } });
  try {
    const lab = await earlier.stack("nightshift");
    await lab.run("archive-calls");
    earlier.clock.advance(24 * 3_600_000);
    await lab.run("archive-calls");
    return await earlier.aws.copyStore();
  } finally {
    earlier.close();
  }
}

/** The arguments of a line's command, after `npm run lab -- nightshift`. */
const argumentsIn = (line = "") => line.split(" -- nightshift ")[1]?.split(" ") ?? [];

describe("what somebody does to the lab's archive", () => {
  const found: Readonly<Record<string, string>> = {
    remove: "object-missing",
    replace: "object-changed",
    add: "object-unexpected",
    manifest: "manifest-altered",
  };

  test("is known by each of its kinds", () => {
    expect(tamperKinds).toEqual(Object.keys(found));
  });

  test.each([[["remove", "replace", "add"]], [["manifest"]]])(
    "by tamper %s is found and healed by the commands that it names",
    async (kinds) => {
      const done: string[] = [];
      const commands = new Set<string>();
      for (const kind of kinds) {
        const [said = "", find = "", heal = ""] = await tamperWithLab(world.aws, kind);
        const [key = ""] = /(?:recordings|manifests)\/\S+(?=,)/.exec(said) ?? [];
        done.push(`${found[kind]}  ${key} `);
        commands.add(find).add(heal);
      }
      const [find, ...heals] = commands;

      const tampered = await nightshift(argumentsIn(find), environment);
      for (const heal of heals) await nightshift(argumentsIn(heal), environment);
      const again = await nightshift(argumentsIn(find), environment);

      for (const line of done) expect(tampered.out).toContain(line);
      expect([tampered.status, again.status]).toEqual([1, 0]);
    },
  );
});
