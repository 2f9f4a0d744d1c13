import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { readAsStored } from "../../shared/aws/s3-checksums.ts";
import { tryRestore } from "../support/audit/try-restore.ts";

const client = new S3Client(readAsStored);
const print = (line: string) => void process.stdout.write(`${line}\n`);

process.exitCode = await tryRestore(process.argv.slice(2), { client, print, secondPasses: () => sleep(1_000) });
