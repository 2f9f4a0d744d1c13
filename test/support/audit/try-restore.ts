import { parseArgs } from "node:util";
import type { S3Client } from "@aws-sdk/client-s3";
import { serializeError } from "../../../shared/errors.ts";
import { type Trial, tryRestorations } from "./restoration-cases.ts";
import { checkScratch, emptyScratch, openArchiveIn } from "./scratch-archive.ts";

export interface TryRestoreServices {
  readonly client: S3Client;
  /** Reads and writes objects, not versions. @default the other client */
  readonly objects?: S3Client;
  readonly print: (line: string) => void;
  readonly secondPasses: Trial["secondPasses"];
}

/**
 * Tries the cases of a restoration in an empty bucket of any S3: all, or those whose name contains `--only`. Returns the exit
 * status: 0 all healed, 1 not all, 2 not tried.
 */
export async function tryRestore(args: readonly string[], services: TryRestoreServices): Promise<number> {
  const { client, objects = client, print, secondPasses } = services;
  try {
    const options = { bucket: { type: "string" }, only: { type: "string", default: "" } } as const;
    const { bucket, only } = parseArgs({ args: [...args], options }).values;
    if (!bucket) throw new TypeError("--bucket is missing: name an empty, versioned bucket");
    await checkScratch(client, bucket);
    let failed = 0;
    const trial = { open: () => openArchiveIn(client, bucket, objects), secondPasses };
    for await (const { what, problem } of tryRestorations(trial, only)) {
      if (problem) failed++;
      print(problem ? `not healed  ${what}: ${problem}` : `healed  ${what}`);
    }
    await emptyScratch(client, bucket);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    const { message, hint } = serializeError(error);
    print(error instanceof TypeError ? error.message : `${message}. ${hint ?? ""}`);
    return 2;
  }
}
