import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tamperKinds, tamperWithLab } from "../../lab/demo/tamper.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import { type Environment, loggedInOverHttp, nightshift } from "../support/cli/run-nightshift.ts";

/** A lab whose days are closed, so that its ledger names them. */
let world: World;
let environment: Environment;
beforeAll(async () => {
  world = await openWorld({
    inMemory: true,
    ringCentral: { account: { calls: { perDay: 6 }, recordings: { bytes: 500 } } },
  });
  environment = loggedInOverHttp(world);
  await world.night();
  world.clock.advance(24 * 3_600_000);
  await world.night();
});
afterAll(() => world.stop());

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

  test.each(Object.entries(found))(
    "by tamper %s is found and healed by the commands that it names",
    async (kind, code) => {
      const [done = "", find, heal] = await tamperWithLab(world.aws, kind);

      const tampered = await nightshift(argumentsIn(find), environment);
      const healed = await nightshift(argumentsIn(heal), environment);
      const again = await nightshift(argumentsIn(find), environment);

      const [key = ""] = /(?:recordings|manifests)\/\S+(?=,)/.exec(done) ?? [];
      expect(tampered.out).toMatch(new RegExp(`^. ${code}  ${key} `, "m"));
      expect([tampered.status, healed.status, again.status]).toEqual([1, 0, 0]);
    },
  );
});
