import fc from "fast-check";
import { expect, test } from "vitest";
import { keysOutside } from "../../shared/audit/keys-outside.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { compareText } from "../../shared/core/compare-text.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

test("exactly the keys without one of the prefixes are listed, sorted", async () => {
  const key = fc.stringMatching(/^[a-d]{1,2}\/[a-c=]{0,3}$/);
  const prefix = fc.stringMatching(/^[a-d]{1,2}\/[a-c=]?$/);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 20 }),
      fc.array(prefix, { maxLength: 4 }),
      async (keys, prefixes) => {
        const bucket = memoryBucket();
        for (const each of keys) await bucket.put(each, toBody("x"), "text/plain");

        const outside: string[] = [];
        for await (const each of keysOutside(bucket, prefixes)) outside.push(each);

        const expected = keys.filter((each) => !prefixes.some((begins) => each.startsWith(begins)));
        expect(outside).toEqual(expected.sort(compareText));
      },
    ),
  );
});
