import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openTableFile } from "../../../shared/jobs/build-tables/table-file.ts";

afterEach(() => vi.unstubAllEnvs());

const leg = (text: string, place: number) => ({ call_id: "a", leg: place, from_name: text });
/** A text that does not compress. */
const longText = () => randomBytes(250_000).toString("hex");
/** More than one row group of such texts. */
const rows = 18;
const spooledFiles = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("spooled-")).length;

describe("a file larger than memory", () => {
  test("fails if /tmp has no room, with that reason", async () => {
    vi.stubEnv("TMPDIR", "/nowhere");
    const file = openTableFile("legs");

    const made = async () => {
      for (let n = 0; n < rows; n++) await file.add(leg(longText(), n));
      await file.finish();
    };

    await expect(made()).rejects.toMatchObject({ code: "TEMPORARY_STORAGE_FAILED" });
    await file.discard();
  });

  test("leaves nothing in /tmp, whether it is abandoned or finished", async () => {
    const before = await spooledFiles();
    const [half, whole] = [openTableFile("legs"), openTableFile("legs")];
    for (let n = 0; n < rows; n++) {
      await half.add(leg(longText(), n));
      await whole.add(leg(longText(), n));
    }
    const { bytes } = await whole.finish();
    expect([bytes > 1_000_000, await spooledFiles()]).toEqual([true, before + 2]);

    await half.discard();
    await whole.discard();

    expect(await spooledFiles()).toBe(before);
  });
});
