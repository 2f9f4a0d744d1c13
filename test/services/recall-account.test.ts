import { expect, test } from "vitest";
import type { ApiServices } from "../../shared/services/api-services.ts";
import { recallAccountNote } from "../../shared/services/recall-account.ts";
import { noteAccount } from "../../shared/storage/account-note.ts";
import { memoryBucket } from "../storage/memory-bucket.ts";

const note = { id: "7", credential: "the first credential" };

/** What a run recalls whose credential is told so; an error where it cannot be read. */
async function recalled(fingerprint: string | Error, noted: typeof note | null = note) {
  const state = memoryBucket({});
  if (noted) await noteAccount(state, noted);
  const broker = {
    fingerprint: async () => {
      if (fingerprint instanceof Error) throw fingerprint;
      return fingerprint;
    },
  };
  return recallAccountNote({ state, broker } as unknown as Pick<ApiServices, "state" | "broker">);
}

test("an account is recalled for the credential that it was noted with", async () => {
  expect(await recalled(note.credential)).toEqual(note);
});

test("no account is recalled for another credential, which may be another account's", async () => {
  expect(await recalled("another credential")).toBeUndefined();
});

test("an account is recalled without any credential, for then nothing is asked of RingCentral", async () => {
  expect(await recalled(new Error("the secret is empty"))).toEqual(note);
});

test("nothing is recalled where no run was ever told", async () => {
  expect([await recalled(note.credential, null), await recalled(new Error("empty"), null)]).toEqual([
    undefined,
    undefined,
  ]);
});
