import { parseArgs } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import { serializeError } from "../../shared/errors.ts";
import { tryRestorations } from "../support/audit/restoration-cases.ts";
import { checkScratch, emptyScratch, openArchiveIn } from "../support/audit/scratch-archive.ts";

/** Tries every case of a restoration in an empty bucket of any S3. Returns the exit status: 0 all healed, 1 not all, 2 not tried. */
async function tryRestore(args: readonly string[], print: (line: string) => void): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...args], options: { bucket: { type: "string" } } });
    if (!values.bucket) throw new TypeError("--bucket is missing: name an empty, versioned bucket");
    const client = new S3Client({ responseChecksumValidation: "WHEN_REQUIRED" });
    const { bucket } = values;
    await checkScratch(client, bucket);
    let failed = 0;
    for await (const { what, problem } of tryRestorations(() => openArchiveIn(client, bucket))) {
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

process.exitCode = await tryRestore(process.argv.slice(2), (line) => void process.stdout.write(`${line}\n`));
