import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { s3Checksums } from "../../shared/aws/s3-checksums.ts";
import { tryRestore } from "../support/audit/try-restore.ts";

const client = new S3Client(s3Checksums);
const print = (line: string) => void process.stdout.write(`${line}\n`);

process.exitCode = await tryRestore(process.argv.slice(2), { client, print, secondPasses: () => sleep(1_000) });
